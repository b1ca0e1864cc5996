import type { DagDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { healthWords } from "src/components/HealthMark";
import { StreakSentence } from "src/components/StreakSentence";
import { RunningFor, TimeAgo } from "src/components/Times";
import { listWords } from "src/components/words";
import { links } from "src/host/links";

type DagHealthProps = { readonly detail: DagDetail };

/** The state of a Dag that does not fail. */
const CalmWords = ({ detail: { dag } }: DagHealthProps) => {
  const good = dag.streak?.last_good_run;

  switch (dag.health) {
    case "hidden":
      return <span>You are not allowed to see this Dag’s runs, so its health is not shown</span>;
    case "unknown":
      return <span>No finished run yet</span>;
    case "warning":
      return <span>{healthWords("warning", dag.warnings).replace("warning", "Warning")}</span>;
    default:
      return (
        <>
          <span>
            <b>Ok</b>
          </span>
          {good === null || good === undefined ? null : (
            <span>
              last run succeeded{" "}
              <AirflowLink to={links.run(dag.dag_id, good.run_id)}>
                <TimeAgo at={good.end_date ?? good.run_after} />
              </AirflowLink>
            </span>
          )}
        </>
      );
  }
};

/** The health of a Dag in words: the first thing on its tab. */
export const DagHealth = ({ detail }: DagHealthProps) => {
  const { dag, failing_tasks: failing } = detail;
  const first = failing.map((task) => task.task_id);

  return (
    <>
      {dag.paused ? (
        <span>
          <b>{dag.paused_by_airflow ? "Paused by Airflow after too many failed runs" : "Paused"}</b>
        </span>
      ) : null}
      {dag.health === "failing" && dag.streak !== null ? (
        <StreakSentence dagId={dag.dag_id} streak={dag.streak} />
      ) : (
        <CalmWords detail={detail} />
      )}
      {dag.health === "failing" && first.length > 0 ? (
        <span title={first.join(", ")}>
          first {first.length === 1 ? "cause" : "causes"}: <b>{listWords(first, 3)}</b>
        </span>
      ) : null}
      {dag.running_since === null ? null : (
        <span>
          {dag.running_run_id === null ? (
            "running"
          ) : (
            <AirflowLink to={links.run(dag.dag_id, dag.running_run_id)}>running</AirflowLink>
          )}{" "}
          for <RunningFor since={dag.running_since} />
        </span>
      )}
    </>
  );
};
