import type { ErrorLine as ErrorLineData } from "src/api/types";
import { ErrorClassMark } from "src/components/ErrorClassMark";
import styles from "src/components/ErrorDetails.module.css";
import { ErrorLine } from "src/components/ErrorLine";

type ErrorDetailsProps = { readonly error: ErrorLineData };

/** What makes us say what kind of failure it is. */
const Evidence = ({ error: { error_class: errorClass, evidence } }: ErrorDetailsProps) =>
  errorClass === null ? null : (
    <p className={styles.evidence}>
      <ErrorClassMark errorClass={errorClass} evidence={evidence} />
      {evidence === null ? null : (
        <>
          <span className={styles.muted}>told by</span>
          <code className={styles.line}>{evidence}</code>
        </>
      )}
    </p>
  );

const Frame = ({ frame: { code, file, function: name, line } }: { readonly frame: NonNullable<ErrorLineData["frame"]> }) => (
  <div className={styles.frame}>
    <p className={styles.place}>
      {file}
      {line === null ? "" : `:${line}`}
      {name === null ? "" : ` in ${name}`}
      <span className={styles.muted}> · your code</span>
    </p>
    {code === null ? null : <pre className={styles.code}>{code}</pre>}
  </div>
);

/** The error of a try in full: the message, the user's own line, what kind it is and what says so. */
export const ErrorDetails = ({ error }: ErrorDetailsProps) => {
  const { certain, frame, message, reason, signature, state, type } = error;
  const explained = state === "absent" && signature !== null;

  if (state !== "known" && !explained) {
    return <ErrorLine error={error} wrap />;
  }

  return (
    <div className={styles.details}>
      <p className={styles.message}>
        {explained ? (
          reason
        ) : (
          <>
            {type === null ? null : <b>{type}</b>}
            {type === null || message === null ? null : "  "}
            {message}
          </>
        )}
      </p>
      {explained ? <p className={styles.muted}>Explained without a log{certain ? ", by what Airflow recorded" : ": concluded from what Airflow recorded"}</p> : null}
      {!explained && !certain ? <p className={styles.muted}>The last error in the log, which does not say how the try ended</p> : null}
      {frame === null ? null : <Frame frame={frame} />}
      <Evidence error={error} />
    </div>
  );
};
