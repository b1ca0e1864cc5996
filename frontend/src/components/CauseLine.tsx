import type { ErrorLine as ErrorLineData } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import styles from "src/components/CauseLine.module.css";
import { ErrorLine } from "src/components/ErrorLine";
import { Spoken } from "src/components/Spoken";
import { links } from "src/host/links";

type CauseLineProps = {
  readonly dagId: string;
  readonly error: ErrorLineData;
  /** How many instances of a mapped task failed. */
  readonly failedInstances?: number;
  readonly mapIndex: number;
  readonly runId: string;
  readonly taskId: string;
};

/** A failed task and its error in one line, with the way to what happened in it. */
export const CauseLine = ({ dagId, error, failedInstances = 1, mapIndex, runId, taskId }: CauseLineProps) => (
  <div className={styles.line}>
    <span className={styles.task}>
      <AirflowLink className={styles.name} title={taskId} to={links.taskInstance(dagId, runId, taskId, mapIndex)}>
        {taskId}
      </AirflowLink>
      {mapIndex < 0 ? null : (
        <span className={styles.instances}>
          [{mapIndex}]{failedInstances > 1 ? ` and ${failedInstances - 1} more` : ""}
        </span>
      )}
    </span>
    <span className={styles.error}>
      <ErrorLine error={error} />
    </span>
    <AirflowLink className={styles.diagnose} to={links.tab.taskInstance(dagId, runId, taskId, mapIndex)}>
      <span aria-hidden>→ </span>Diagnose <Spoken>{taskId}</Spoken>
    </AirflowLink>
  </div>
);
