import type { ErrorDetail, TaskInstanceDetail } from "src/api/types";
import { Message } from "src/components/Message";
import { Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { isUnfinished, stateWords } from "src/components/states";
import { testIds } from "src/components/testIds";
import styles from "src/pages/task-instance/ErrorReport.module.css";
import { LogTail } from "src/pages/task-instance/LogTail";
import { Traceback } from "src/pages/task-instance/Traceback";

type KnownProps = { readonly error: ErrorDetail };

const Known = ({ error: { chain, frame, frames, message, tail, type } }: KnownProps) => (
  <>
    <div className={styles.error}>
      {type === null ? null : <p className={styles.type}>{type}</p>}
      {message === null ? null : <p className={styles.message}>{message}</p>}
      {frame === null ? null : (
        <p className={styles.place}>
          {frame.file}
          {frame.line === null ? "" : `:${frame.line}`}
          {frame.function === null ? "" : ` in ${frame.function}`}
        </p>
      )}
    </div>
    {chain.length > 1 ? (
      <Section aside="the root first" title="Chain of exceptions">
        <ol className={styles.chain}>
          {chain.map((link, index) => (
            <li key={`${index} ${link}`}>{link}</li>
          ))}
        </ol>
      </Section>
    ) : null}
    {frames.length > 0 ? <Traceback frames={frames} /> : null}
    {frames.length === 0 && tail.length > 0 ? <LogTail tail={tail} /> : null}
  </>
);

type ErrorReportProps = { readonly detail: TaskInstanceDetail };

/** What ended the shown try: the error with its traceback, or why there is none. */
export const ErrorReport = ({ detail: { error, shown_try: shown, tries } }: ErrorReportProps) => {
  const state = tries.find(({ try_number: number }) => number === shown)?.state ?? null;

  if (error === null) {
    return (
      <p className={styles.none}>
        {shown < 1 || tries.length === 0
          ? "No try, so no error."
          : isUnfinished(state)
            ? `Try ${shown} is not over (${stateWords(state)}): no error yet.`
            : `Try ${shown} did not fail (${stateWords(state)}).`}
      </p>
    );
  }

  return (
    <div className={styles.report} data-testid={testIds.causes}>
      {error.state === "known" ? <Known error={error} /> : null}
      {error.state === "pending" ? (
        <div aria-label="Reading the log" className={styles.report} role="status">
          <Skeleton height={72} width="100%" />
          <Section title="Traceback">
            <Skeleton height={160} width="100%" />
          </Section>
        </div>
      ) : null}
      {error.state === "forbidden" ? (
        <Message testId={testIds.forbidden} title="You are not allowed to read this Dag’s task logs.">
          {error.reason ?? "Ask an administrator of this Airflow for the permission to read task logs."}
        </Message>
      ) : null}
      {error.state === "unreadable" ? (
        <Message testId={testIds.failed} title="Could not read the log." tone="failed">
          {error.reason ?? "The log store did not answer; Windsock asks again."}
        </Message>
      ) : null}
      {error.state === "absent" ? (
        <>
          <div className={styles.error}>
            <p className={styles.type}>No error in the log</p>
            <p className={styles.message}>{error.reason ?? "The log is missing, or it ends without an error."}</p>
          </div>
          {error.tail.length > 0 ? <LogTail tail={error.tail} /> : null}
        </>
      ) : null}
    </div>
  );
};
