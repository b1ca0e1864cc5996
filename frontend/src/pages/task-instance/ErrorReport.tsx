import type { ReactNode } from "react";

import type { ErrorDetail, TaskInstanceDetail } from "src/api/types";
import { Message } from "src/components/Message";
import { Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { isUnfinished, stateWords } from "src/components/states";
import { testIds } from "src/components/testIds";
import { ErrorClass } from "src/pages/task-instance/ErrorClass";
import styles from "src/pages/task-instance/ErrorReport.module.css";
import { LogTail } from "src/pages/task-instance/LogTail";
import { SameFailure } from "src/pages/task-instance/SameFailure";
import { Traceback } from "src/pages/task-instance/Traceback";

type ErrorProps = { readonly error: ErrorDetail };

const Doubt = ({ error: { certain } }: ErrorProps) =>
  certain ? null : (
    <p className={styles.doubt}>Not certain: the log does not say how the try ended, so this is concluded from what there is.</p>
  );

type KnownProps = ErrorProps & { readonly same: ReactNode };

const Known = ({ error, error: { chain, frame, frames, message, reason, tail, type }, same }: KnownProps) => (
  <>
    <div className={styles.error}>
      <ErrorClass error={error} />
      {type === null ? null : <p className={styles.type}>{type}</p>}
      {message === null && reason !== null ? <p className={styles.message}>{reason}</p> : null}
      {message === null ? null : <p className={styles.message}>{message}</p>}
      {frame === null ? null : (
        <p className={styles.place}>
          {frame.file}
          {frame.line === null ? "" : `:${frame.line}`}
          {frame.function === null ? "" : ` in ${frame.function}`}
        </p>
      )}
      <Doubt error={error} />
    </div>
    {same}
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

/** What ended the shown try: the error with its traceback, what Airflow recorded, or why nothing is known. */
export const ErrorReport = ({ detail }: ErrorReportProps) => {
  const { error, shown_try: shown, tries } = detail;
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

  const same =
    error.signature === null ? null : (
      <SameFailure
        of={{ dagId: detail.dag_id, mapIndex: detail.map_index, runId: detail.run.run_id, taskId: detail.task_id }}
        tryNumber={shown}
      />
    );

  return (
    <div className={styles.report} data-testid={testIds.causes}>
      {error.state === "known" ? <Known error={error} same={same} /> : null}
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
            <ErrorClass error={error} />
            <p className={styles.type}>{error.reason ?? "No error in the log"}</p>
            <p className={styles.place}>
              {error.reason === null
                ? "The log is missing, or it ends without an error."
                : "Told without an error text: the log is missing, or it ends without one."}
            </p>
            <Doubt error={error} />
          </div>
          {same}
          {error.tail.length > 0 ? <LogTail tail={error.tail} /> : null}
        </>
      ) : null}
    </div>
  );
};
