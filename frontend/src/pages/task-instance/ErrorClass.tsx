import { useId, useState } from "react";

import type { ErrorDetail } from "src/api/types";
import styles from "src/pages/task-instance/ErrorReport.module.css";

const MEANINGS: Readonly<Record<NonNullable<ErrorDetail["error_class"]>, string>> = {
  code: "a fault in the code of the task",
  data: "content, schema or contract; a missing file or partition",
  dependency: "a package, provider, connection or variable that is missing or clashes",
  infrastructure: "a network, host, database, store or quota out of reach, refusing or denying",
  killed: "ended from outside: memory, a signal, a lost heartbeat, a node that is gone",
  timeout: "it took longer than it may",
  unknown: "nothing in it says what kind of failure it is",
};

type ErrorClassProps = { readonly error: ErrorDetail };

/** What kind of failure it looks like, and the line that made us say so. */
export const ErrorClass = ({ error: { error_class: name, evidence } }: ErrorClassProps) => {
  const [open, setOpen] = useState(false);
  const id = useId();

  if (name === null) {
    return null;
  }

  return (
    <div className={styles.class}>
      <button
        aria-controls={id}
        aria-expanded={open}
        className={styles.className}
        onClick={() => {
          setOpen(!open);
        }}
        title={evidence ?? MEANINGS[name]}
        type="button"
      >
        {name === "unknown" ? "unknown kind" : name} <span aria-hidden>ⓘ</span>
      </button>
      {open ? (
        <p className={styles.evidence} id={id}>
          {MEANINGS[name]}
          {evidence === null ? null : (
            <>
              . Told by: <code>{evidence}</code>
            </>
          )}
        </p>
      ) : null}
    </div>
  );
};
