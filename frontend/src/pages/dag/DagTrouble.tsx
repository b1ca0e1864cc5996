import type { DagDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { CauseLine } from "src/components/CauseLine";
import { ErrorLine } from "src/components/ErrorLine";
import { runLevelWords } from "src/components/streakWords";
import { Duration } from "src/components/Times";
import { countWords } from "src/components/words";
import { links } from "src/host/links";
import styles from "src/pages/dag/DagTrouble.module.css";

const CAUSES_SHOWN = 4;

type DagTroubleProps = { readonly detail: DagDetail };

/**
 * The second line: the error of each first cause, or what else is wrong; of a Dag that does well, how well. Never empty,
 * so that nothing below moves when it arrives.
 */
export const DagTrouble = ({ detail }: DagTroubleProps) => {
  const { dag, failing_tasks: failing, incidents, newest_failed_run: run, run_level_cause: cause } = detail;
  const imports = incidents.filter(({ kind }) => kind === "import_error");
  const more = failing.length - CAUSES_SHOWN;
  const isFailing = dag.health === "failing";

  return (
    <div className={styles.lines}>
      {imports.map(({ error, file, key }) => (
        <div className={styles.line} key={key}>
          <span className={styles.label}>{file ?? "Its file"} does not import</span>
          <ErrorLine error={error} />
        </div>
      ))}
      {failing.slice(0, CAUSES_SHOWN).map((task) => (
        <CauseLine
          dagId={dag.dag_id}
          error={task.error}
          failedInstances={task.failed_instances}
          key={task.task_id}
          mapIndex={task.map_index}
          runId={task.run_id}
          taskId={task.task_id}
        />
      ))}
      {more > 0 && run !== null ? (
        <div className={styles.line}>
          <AirflowLink to={links.tab.run(dag.dag_id, run.run_id)}>… {more} more in this run</AirflowLink>
        </div>
      ) : null}
      {isFailing && failing.length === 0 ? (
        <div className={styles.line}>
          {cause !== null ? (
            <span>{runLevelWords(cause)}</span>
          ) : (
            <span className={styles.calm}>
              {detail.tasks_allowed
                ? "No failed task is known in the newest failed run"
                : "You are not allowed to see this Dag’s task instances, so the cause is not shown"}
            </span>
          )}
          {run === null ? null : <AirflowLink to={links.tab.run(dag.dag_id, run.run_id)}>→ What happened</AirflowLink>}
        </div>
      ) : null}
      {!isFailing && failing.length === 0 && imports.length === 0 ? (
        <div className={`${styles.line} ${styles.calm}`}>
          {dag.counting_runs === 0 ? (
            <span>{detail.runs_allowed ? "No run of it counts yet" : "Ask an administrator for the permission to read its runs"}</span>
          ) : (
            <span>
              {dag.successes} of the last {countWords(dag.counting_runs, "run")} succeeded · last took{" "}
              <Duration s={dag.last_duration_s} />
              {dag.typical_duration_s === null ? null : (
                <>
                  {" "}
                  · typical <Duration s={dag.typical_duration_s} />
                </>
              )}
            </span>
          )}
        </div>
      ) : null}
    </div>
  );
};
