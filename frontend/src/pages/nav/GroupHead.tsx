import type { Group } from "src/api/types";
import { ErrorClassMark, errorClassWords } from "src/components/ErrorClassMark";
import { Expander } from "src/components/Expander";
import { ageWords } from "src/components/times";
import { Clock } from "src/components/Times";
import { countWords } from "src/components/words";
import { useNow } from "src/host/clock";
import styles from "src/pages/nav/GroupHead.module.css";

const NEW_MS = 3_600_000;

type GroupHeadProps = {
  readonly group: Group;
  readonly isOpen: boolean;
  readonly onToggle: (key: string) => void;
  /** Names the row to the keys of the list. */
  readonly rowKey: string;
};

/** What incidents have in common: "14 tasks in 5 Dags · since 09:12 (3 h) · ongoing". */
export const GroupHead = ({ group, isOpen, onToggle, rowKey }: GroupHeadProps) => {
  const { came_back: cameBack, dag_ids: dagIds, error_class: errorClass, evidence, instances, since, tasks, title } = group;
  const ageMs = useNow() - Date.parse(since);

  return (
    <div className={styles.head} data-row={rowKey} tabIndex={-1}>
      <Expander
        isOpen={isOpen}
        label={`What tells the cause ${title}`}
        onToggle={() => {
          onToggle(rowKey);
        }}
      />
      <h2 className={styles.title} title={title}>
        {title}
      </h2>
      <span className={styles.class}>
        <ErrorClassMark errorClass={errorClass} evidence={evidence} />
      </span>
      <p className={styles.sentence}>
        <span title={dagIds.join(", ")}>
          <b>{countWords(tasks, "task")}</b>
          {instances > tasks ? ` (${countWords(instances, "instance")})` : ""} in <b>{countWords(dagIds.length, "Dag")}</b>
        </span>
        {" · since "}
        <Clock at={since} /> ({ageWords(ageMs / 1000)}){" · "}
        {cameBack ? (
          <span className={styles.mark} title="A Dag failed with it before its last good run, too">
            came back
          </span>
        ) : ageMs < NEW_MS ? (
          <span className={styles.mark} title="It began less than an hour ago">
            new
          </span>
        ) : (
          "ongoing"
        )}
      </p>
      {isOpen ? (
        <div className={styles.more}>
          <p>{errorClassWords(errorClass)}.</p>
          {evidence === null ? null : (
            <p className={styles.evidence}>
              Told by <code>{evidence}</code>
            </p>
          )}
        </div>
      ) : null}
    </div>
  );
};
