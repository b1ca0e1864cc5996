import type { RunDetail, RunTask } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { runLevelWords } from "src/components/streakWords";
import { StateCounts } from "src/components/StateCounts";
import { testIds } from "src/components/testIds";
import { listWords } from "src/components/words";
import { links } from "src/host/links";
import styles from "src/pages/run/RunCauses.module.css";

const CAUSES_SHOWN = 3;

/** "ConnectionError: could not connect …", as far as it is known. */
const shortError = ({ error }: RunTask): string =>
  error?.state === "known" ? [error.type, error.message].filter((part) => part !== null && part !== "").join(": ") : "";

type CauseProps = { readonly cause: RunTask; readonly dagId: string; readonly runId: string };

const Cause = ({ cause, dagId, runId }: CauseProps) => {
  const words = shortError(cause);

  return (
    <p className={styles.line}>
      <span className={styles.label}>First cause</span>
      <AirflowLink className={styles.task} to={links.tab.taskInstance(dagId, runId, cause.task_id, cause.map_index)}>
        {cause.task_id}
      </AirflowLink>
      {words === "" ? null : (
        <span className={styles.error} title={words}>
          ({words})
        </span>
      )}
      {cause.took_down.length === 0 ? (
        <span className={styles.label}>→ took nothing else down</span>
      ) : (
        <>
          <span className={styles.label}>→ took down</span>
          <b title={cause.took_down.join(", ")}>{listWords(cause.took_down)}</b>
        </>
      )}
    </p>
  );
};

type RunCausesProps = { readonly detail: RunDetail };

/** The second line: what came first and what it took down; of other runs, how its tasks stand. */
export const RunCauses = ({ detail }: RunCausesProps) => {
  const { dag_id: dagId, run, run_level_cause: runLevel, states, tasks, tasks_allowed: allowed } = detail;
  const causes = tasks.filter(({ role }) => role === "first_cause");
  const more = causes.length - CAUSES_SHOWN;

  if (!allowed) {
    return <p className={styles.line}>You are not allowed to see this Dag’s task instances, so no cause is shown.</p>;
  }
  if (causes.length > 0) {
    return (
      <div data-testid={testIds.causes}>
        {causes.slice(0, CAUSES_SHOWN).map((cause) => (
          <Cause cause={cause} dagId={dagId} key={cause.task_id} runId={run.run_id} />
        ))}
        {more > 0 ? <p className={styles.line}>… and {more} more below</p> : null}
      </div>
    );
  }

  return (
    <p className={styles.line} data-testid={testIds.causes}>
      {runLevel === null ? <StateCounts states={states} /> : runLevelWords(runLevel)}
    </p>
  );
};
