import type { TaskDetail } from "src/api/types";
import { CauseLine } from "src/components/CauseLine";

type TaskTroubleProps = { readonly detail: TaskDetail };

/** The error of the newest failure, while the task has a streak. */
export const TaskTrouble = ({ detail: { dag_id: dagId, error, error_map_index: mapIndex, error_run_id: runId, task_id: taskId } }: TaskTroubleProps) =>
  error === null || runId === null ? (
    <div style={{ minHeight: 28 }} />
  ) : (
    <CauseLine dagId={dagId} error={error} mapIndex={mapIndex ?? -1} runId={runId} taskId={taskId} />
  );
