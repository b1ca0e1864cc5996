import { useQuery } from "@tanstack/react-query";

import { elsewhereQuery, type TaskInstanceRef } from "src/api/taskInstance";
import type { Elsewhere } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Clock, TimeAgo } from "src/components/Times";
import { countWords } from "src/components/words";
import { links } from "src/host/links";
import styles from "src/pages/task-instance/SameFailure.module.css";

type SightingsProps = { readonly elsewhere: Elsewhere };

const Sightings = ({ elsewhere: { others, tasks } }: SightingsProps) => (
  <>
    <ul aria-label="The same failure elsewhere" className={styles.list}>
      {others.map(({ dag_id: dagId, failed_at: at, map_index: mapIndex, run_id: runId, task_id: taskId }) => (
        <li className={styles.sighting} key={`${dagId} ${runId} ${taskId} ${mapIndex}`}>
          <AirflowLink to={links.tab.dag(dagId)}>{dagId}</AirflowLink>
          <AirflowLink title={runId} to={links.tab.taskInstance(dagId, runId, taskId, mapIndex)}>
            {taskId}
            {mapIndex < 0 ? "" : ` [${mapIndex}]`}
          </AirflowLink>
          <span className={styles.when}>{at === null ? "" : <TimeAgo at={at} />}</span>
        </li>
      ))}
    </ul>
    {tasks - 1 > others.length ? <p className={styles.quiet}>The newest {others.length} are listed.</p> : null}
  </>
);

type SameFailureProps = { readonly of: TaskInstanceRef; readonly tryNumber: number };

/** Where else the failure of the shown try is seen: "Same failure: 13 other tasks in 5 Dags since 09:12". */
export const SameFailure = ({ of, tryNumber }: SameFailureProps) => {
  const { data, error } = useQuery(elsewhereQuery(of, tryNumber));
  const elsewhere = data?.body;

  if (elsewhere === undefined || (elsewhere.signature === null && elsewhere.pending_errors > 0)) {
    // Of use only beside the error, so trouble with it is a line and no alarm.
    return (
      <p className={styles.quiet}>
        {error === null ? "Looking for the same failure elsewhere …" : "Could not look for the same failure elsewhere."}
      </p>
    );
  }
  const others = Math.max(elsewhere.tasks - 1, elsewhere.others.length);

  if (elsewhere.signature === null || others === 0) {
    return <p className={styles.quiet}>The same failure is in no other open incident.</p>;
  }

  return (
    <details className={styles.same}>
      <summary className={styles.summary}>
        Same failure: <b>{countWords(others, "other task")}</b> in <b>{countWords(elsewhere.dags, "Dag")}</b>
        {elsewhere.first_seen === null ? null : (
          <>
            {" "}
            since <Clock at={elsewhere.first_seen} />
          </>
        )}
        {elsewhere.pending_errors > 0 ? <span className={styles.when}> · more logs are being read</span> : null}
      </summary>
      <Sightings elsewhere={elsewhere} />
    </details>
  );
};
