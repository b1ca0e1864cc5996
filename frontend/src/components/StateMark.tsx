import styles from "src/components/StateMark.module.css";
import { stateColour, stateWords } from "src/components/states";

const SHAPES: Readonly<Record<string, string>> = {
  deferred: "◌",
  failed: "✕",
  queued: "◷",
  removed: "⌫",
  running: "▸",
  scheduled: "◷",
  skipped: "»",
  success: "✓",
  up_for_reschedule: "↻",
  up_for_retry: "↻",
  upstream_failed: "↥",
};

/** The sign of a state. */
export const stateShape = (state: string | null): string => SHAPES[state ?? "none"] ?? "○";

type StateMarkProps = {
  readonly state: string | null;
  /** Leaves the word to hover and screen readers. */
  readonly shapeOnly?: boolean;
};

/** The state of a run or a task instance: shape, word, and Airflow's colour for it. */
export const StateMark = ({ shapeOnly = false, state }: StateMarkProps) => (
  <span className={styles.mark} title={stateWords(state)}>
    <span aria-hidden className={styles.shape} style={{ color: stateColour(state) }}>
      {stateShape(state)}
    </span>
    <span className={shapeOnly ? styles.hidden : undefined}>{stateWords(state)}</span>
  </span>
);
