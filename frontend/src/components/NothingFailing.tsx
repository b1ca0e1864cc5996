import type { Totals } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { TimeAgo } from "src/components/Times";
import styles from "src/components/NothingFailing.module.css";
import { links } from "src/host/links";
import { usePreferences } from "src/host/preferences";

type NothingFailingProps = { readonly totals: Totals };

/** "Nothing is failing. 214 Dags, last failure 6 h ago in orders_daily." */
export const NothingFailing = ({ totals }: NothingFailingProps) => {
  const { language } = usePreferences();
  const { dags, last_failure_at: at, last_failure_dag_id: dagId } = totals;

  return (
    <>
      Nothing is failing. {new Intl.NumberFormat(language).format(dags)} {dags === 1 ? "Dag" : "Dags"}
      {at === null || dagId === null ? (
        ", no failure on record."
      ) : (
        <>
          , last failure <TimeAgo at={at} /> in{" "}
          <AirflowLink className={styles.code} to={links.dag(dagId)}>
            {dagId}
          </AirflowLink>
          .
        </>
      )}
    </>
  );
};
