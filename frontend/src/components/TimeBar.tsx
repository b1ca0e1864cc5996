import { isUnfinished, stateColour } from "src/components/states";
import styles from "src/components/TimeBar.module.css";

export type Axis = {
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
};

export type Span = {
  /** Milliseconds since the epoch; the present while it runs. */
  readonly endMs: number;
  /** Seconds waited before the start. */
  readonly queuedS: number | null;
  readonly startMs: number;
  readonly state: string | null;
};

const share = ({ fromMs, toMs }: Axis, ms: number): string =>
  Math.min(1, Math.max(0, (ms - fromMs) / Math.max(1, toMs - fromMs))).toFixed(4);

type TimeBarProps = {
  readonly axis: Axis;
  readonly span: Span;
};

/** When something waited (hatched) and ran, on an axis that its neighbours share. The numbers stand beside it. */
export const TimeBar = ({ axis, span: { endMs, queuedS, startMs, state } }: TimeBarProps) => (
  <span aria-hidden className={styles.track}>
    {queuedS === null || queuedS < 1 ? null : (
      <span
        className={styles.queued}
        style={{ "--from": share(axis, startMs - queuedS * 1000), "--to": share(axis, startMs) }}
      />
    )}
    <span
      className={`${styles.ran} ${state === "success" ? styles.calm : ""} ${isUnfinished(state) ? styles.hollow : ""}`}
      style={{ "--colour": stateColour(state), "--from": share(axis, startMs), "--to": share(axis, endMs) }}
    />
  </span>
);
