import type { ErrorLine as ErrorLineData } from "src/api/types";
import styles from "src/components/ErrorLine.module.css";
import { Skeleton } from "src/components/Skeleton";

const WITHOUT_TEXT = {
  absent: "No error in the log",
  forbidden: "You are not allowed to read this Dag's task logs",
  unreadable: "The log store did not answer",
} as const;

type ErrorLineProps = {
  readonly error: ErrorLineData;
  /** Lets a long message wrap; without it one line, the whole on hover. */
  readonly wrap?: boolean;
};

/** Where the user's own code failed: "load_orders.py:41 in connect". */
export const frameWords = ({ file, function: name, line }: NonNullable<ErrorLineData["frame"]>): string => {
  const place = `${file.split("/").at(-1) ?? file}${line === null ? "" : `:${line}`}`;

  return name === null ? place : `${place} in ${name}`;
};

/** The error of a try in one line: type, message, place; or why there is none. */
export const ErrorLine = ({ error, wrap = false }: ErrorLineProps) => {
  if (error.state === "pending") {
    return (
      <span className={styles.line} title="Reading the log">
        <Skeleton width={320} />
        <span className={styles.hidden}>Reading the log</span>
      </span>
    );
  }
  if (error.state === "absent" && error.signature !== null && error.reason !== null) {
    return (
      <span className={`${styles.line} ${wrap ? styles.wrap : ""}`} title={wrap ? undefined : error.reason}>
        <span className={styles.text}>{error.reason}</span>
        <span className={styles.aside}>explained without a log</span>
      </span>
    );
  }
  if (error.state !== "known") {
    return <span className={`${styles.line} ${styles.muted}`}>{error.reason ?? WITHOUT_TEXT[error.state]}</span>;
  }
  const text = [error.type, error.message].filter((part) => part !== null && part !== "").join(": ");

  return (
    <span className={`${styles.line} ${wrap ? styles.wrap : ""}`} title={wrap ? undefined : text}>
      <span className={styles.text}>
        {error.type === null ? null : <span className={styles.type}>{error.type}</span>}
        {error.type === null || error.message === null ? null : "  "}
        {error.message}
      </span>
      {error.frame === null ? null : (
        <span className={styles.frame} title={error.frame.file}>
          {frameWords(error.frame)}
        </span>
      )}
    </span>
  );
};
