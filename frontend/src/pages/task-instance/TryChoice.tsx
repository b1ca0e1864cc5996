import type { TaskInstanceDetail } from "src/api/types";
import { StateMark } from "src/components/StateMark";
import { useSearchState } from "src/host/searchState";
import styles from "src/pages/task-instance/TaskInstance.module.css";

type TryChoiceProps = { readonly detail: TaskInstanceDetail };

/** Which try to look at; kept in the address as `try_number`, as in Airflow's own pages. */
export const TryChoice = ({ detail: { shown_try: shown, tries } }: TryChoiceProps) => {
  const { change } = useSearchState();
  const newest = tries.at(-1)?.try_number;

  if (tries.length === 0) {
    return <p className={styles.only}>It has not been tried yet.</p>;
  }
  if (tries.length === 1) {
    return <p className={styles.only}>One try</p>;
  }

  return (
    <div aria-label="Try" className={styles.tries} role="group">
      {tries.map(({ state, try_number: number }) => (
        <button
          aria-pressed={number === shown}
          className={styles.try}
          key={number}
          onClick={() => {
            change({ try_number: number === newest ? null : String(number) }, { push: true });
          }}
          type="button"
        >
          Try {number} <StateMark shapeOnly state={state} />
        </button>
      ))}
    </div>
  );
};
