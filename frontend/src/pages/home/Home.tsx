import { useQuery } from "@tanstack/react-query";

import { homeQuery } from "src/api/fleet";
import type { Home as HomeAnswer, Incident } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { NothingFailing } from "src/components/NothingFailing";
import { Skeleton } from "src/components/Skeleton";
import { Loaded } from "src/components/States";
import { runLevelWords, runsWords } from "src/components/streakWords";
import { testIds } from "src/components/testIds";
import { TimeAgo } from "src/components/Times";
import { links } from "src/host/links";
import { usePreferences } from "src/host/preferences";
import styles from "src/pages/home/Home.module.css";

/** The first of the worst with the same cause, when this one is not it. */
const sameAs = (incident: Incident, worst: ReadonlyArray<Incident>): Incident | undefined => {
  const { signature } = incident.error;
  const first = signature === null ? undefined : worst.find(({ error }) => error.signature === signature);

  return first === incident ? undefined : first;
};

type WorstProps = {
  readonly incident: Incident;
  /** Further up, with the same cause. */
  readonly same: Incident | undefined;
};

/** What went wrong, in as few words as there are. */
const whatOf = ({ error, kind, run_level_cause: runLevel }: Incident): string => {
  if (error.state === "known") {
    return [error.type, error.message].filter((part) => part !== null && part !== "").join(": ");
  }
  if (runLevel !== null) {
    return runLevelWords(runLevel);
  }
  if (error.state === "absent" && error.signature !== null && error.reason !== null) {
    return error.reason;
  }

  return kind === "paused_by_airflow" ? "paused by Airflow" : kind === "import_error" ? "does not import" : "";
};

const whereOf = ({ causes, dag_id: dagId }: Incident): string => {
  const [cause] = causes;

  if (dagId === null) {
    return links.nav("?kind=import_error");
  }

  return cause === undefined
    ? links.tab.dag(dagId)
    : links.tab.taskInstance(dagId, cause.run_id, cause.task_id, cause.map_index);
};

const nameOf = ({ dag_display_name: name, dag_id: dagId, file, key }: Incident): string => name ?? dagId ?? file ?? key;

const Worst = ({ incident, same }: WorstProps) => {
  const { opened_at: openedAt, streak } = incident;
  const what = whatOf(incident);

  return (
    <li>
      <AirflowLink className={styles.worst} title={what} to={whereOf(incident)}>
        <span aria-hidden className={styles.mark}>
          ✕
        </span>
        <b className={styles.name}>{nameOf(incident)}</b>
        <span className={styles.what}>{same === undefined ? what : <span className={styles.rest}>same cause as {nameOf(same)}</span>}</span>
        <span className={styles.when}>
          {streak === null || streak.length === 0 ? "" : `${runsWords(streak)} · `}
          <TimeAgo at={openedAt} />
        </span>
      </AirflowLink>
    </li>
  );
};

type WidgetProps = { readonly home: HomeAnswer };

const Widget = ({ home: { causes, pending_errors: pending, totals, worst } }: WidgetProps) => {
  const { incidents } = totals;
  const number = new Intl.NumberFormat(usePreferences().language);

  return incidents === 0 ? (
    <p className={styles.well}>
      <span aria-hidden className={styles.dot} />
      <NothingFailing totals={totals} />
    </p>
  ) : (
    <>
      <p className={styles.count}>
        <AirflowLink to={links.nav()}>
          <b>{number.format(incidents)}</b> {incidents === 1 ? "incident" : "incidents"}, <b>{number.format(causes)}</b>{" "}
          {causes === 1 ? "cause" : "causes"}
          {pending > 0 ? " so far" : ""}
        </AirflowLink>
        <span className={styles.rest}>
          {number.format(totals.failing)} of {number.format(totals.dags)} Dags failing
        </span>
        <AirflowLink className={styles.all} to={links.nav()}>
          All incidents →
        </AirflowLink>
      </p>
      <ul className={styles.list}>
        {worst.map((incident) => (
          <Worst incident={incident} key={incident.key} same={sameAs(incident, worst)} />
        ))}
      </ul>
    </>
  );
};

/** The block on Airflow's home page: how many incidents, the worst three, one click to each. */
export default function Home() {
  const query = useQuery(homeQuery());

  return (
    <section aria-label="Windsock" className={styles.widget} data-testid={testIds.home}>
      <h2 className={styles.title}>Windsock</h2>
      <Loaded of="the incidents" query={query} skeleton={<Skeleton height={16} width="45%" />}>
        {(home) => <Widget home={home} />}
      </Loaded>
    </section>
  );
}
