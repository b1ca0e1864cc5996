import type { Health, Warning } from "src/api/types";
import styles from "src/components/HealthMark.module.css";

const MARKS: Readonly<Record<Health, { readonly shape: string; readonly word: string }>> = {
  failing: { shape: "✕", word: "failing" },
  hidden: { shape: "·", word: "runs not yours to see" },
  ok: { shape: "✓", word: "ok" },
  unknown: { shape: "–", word: "no finished run" },
  warning: { shape: "!", word: "warning" },
};

const WARNINGS: Readonly<Record<Warning, string>> = {
  retry_pending: "a task waits for a retry",
  running_with_failed_task: "a running run already has a failed task",
  succeeded_with_failed_task: "the newest run succeeded although a task in it failed",
};

/** The word for a health, with its reasons. */
export const healthWords = (health: Health, warnings: ReadonlyArray<Warning> = []): string =>
  health === "warning" && warnings.length > 0
    ? `warning: ${warnings.map((one) => WARNINGS[one]).join("; ")}`
    : MARKS[health].word;

type HealthMarkProps = {
  readonly health: Health;
  readonly warnings?: ReadonlyArray<Warning>;
  /** Writes the word beside the shape; without it the word is for screen readers and on hover. */
  readonly withWord?: boolean;
};

/** Health as shape and word; the colour only repeats it. */
export const HealthMark = ({ health, warnings = [], withWord = false }: HealthMarkProps) => {
  const words = healthWords(health, warnings);

  return (
    <span className={`${styles.mark} ${styles[health]}`} title={words}>
      <span aria-hidden className={styles.shape}>
        {MARKS[health].shape}
      </span>
      <span className={withWord ? styles.word : styles.hiddenWord}>{withWord ? MARKS[health].word : words}</span>
    </span>
  );
};
