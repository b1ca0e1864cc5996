import type { ReactNode } from "react";

import type { Totals } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Skeleton } from "src/components/Skeleton";
import { testIds } from "src/components/testIds";
import { usePreferences } from "src/host/preferences";
import { links } from "src/host/links";
import styles from "src/pages/nav/TotalsLine.module.css";

type PartProps = {
  readonly children: ReactNode;
  readonly search: string;
  readonly tone?: "failed" | "warning";
};

const Part = ({ children, search, tone }: PartProps) => (
  <AirflowLink className={`${styles.part} ${tone === undefined ? "" : styles[tone]}`} to={links.nav(search)}>
    {children}
  </AirflowLink>
);

/** How many different causes the incidents have. */
export type Causes = {
  /** False while errors are still being read. */
  readonly areAll: boolean;
  readonly known: number;
};

type TotalsLineProps = {
  /** Only where the incidents of the whole fleet were looked at. */
  readonly causes?: Causes;
  readonly totals: Totals | undefined;
};

/** The fleet in one line; each number opens the rows that it counts. */
export const TotalsLine = ({ causes, totals }: TotalsLineProps) => {
  const { language } = usePreferences();
  const number = new Intl.NumberFormat(language);

  if (totals === undefined) {
    return (
      <p className={styles.line}>
        <Skeleton width={420} />
      </p>
    );
  }
  const { failing, hidden, incidents, ok, paused, unknown, warning } = totals;

  return (
    <p className={styles.line} data-testid={testIds.totals}>
      <Part search="" tone={incidents > 0 ? "failed" : undefined}>
        <span aria-hidden className={styles.dot} />
        <b>{number.format(incidents)}</b> {incidents === 1 ? "incident" : "incidents"}
        {causes === undefined || incidents === 0 ? null : (
          <>
            , <b>{number.format(causes.known)}</b> {causes.known === 1 ? "cause" : "causes"}
            {causes.areAll ? "" : " so far"}
          </>
        )}
      </Part>
      <Part search="?view=dags&health=failing&paused=active">
        <b>{number.format(failing)}</b> {failing === 1 ? "Dag" : "Dags"} failing
      </Part>
      <Part search="?view=dags&health=warning&paused=active" tone={warning > 0 ? "warning" : undefined}>
        <b>{number.format(warning)}</b> warning
      </Part>
      <Part search="?view=dags&health=ok&paused=active">
        <b>{number.format(ok)}</b> ok
      </Part>
      {unknown > 0 ? (
        <Part search="?view=dags&health=unknown&paused=active">
          <b>{number.format(unknown)}</b> without a finished run
        </Part>
      ) : null}
      {hidden > 0 ? (
        <span className={styles.part}>
          <b>{number.format(hidden)}</b> whose runs you may not see
        </span>
      ) : null}
      <Part search="?view=dags&paused=paused">
        <b>{number.format(paused)}</b> paused
      </Part>
    </p>
  );
};
