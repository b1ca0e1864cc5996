import styles from "src/components/StateCounts.module.css";
import { StateMark } from "src/components/StateMark";

// What is wrong first, what is done last.
const ORDER = ["failed", "upstream_failed", "up_for_retry", "running", "queued", "scheduled", "none"];
const rank = (state: string): number => (ORDER.includes(state) ? ORDER.indexOf(state) : ORDER.length);

type StateCountsProps = { readonly states: Readonly<Record<string, number>> };

/** "3 ✕ failed  37 ✓ success". */
export const StateCounts = ({ states }: StateCountsProps) => (
  <span className={styles.counts}>
    {Object.entries(states)
      .filter(([, count]) => count > 0)
      .toSorted(([left], [right]) => rank(left) - rank(right) || left.localeCompare(right))
      .map(([state, count]) => (
        <span className={styles.count} key={state}>
          {count} <StateMark state={state} />
        </span>
      ))}
  </span>
);
