import { useId, useState } from "react";

import type { ErrorDetail } from "src/api/types";
import { ErrorClassMark, errorClassWords } from "src/components/ErrorClassMark";
import styles from "src/pages/task-instance/ErrorReport.module.css";

type ErrorClassProps = { readonly error: ErrorDetail };

/** What kind of failure it looks like; opened, what that means and the line that made us say so. */
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
        type="button"
      >
        <ErrorClassMark errorClass={name} evidence={evidence} /> <span aria-hidden>{open ? "▴" : "▾"}</span>
      </button>
      {open ? (
        <p className={styles.evidence} id={id}>
          {errorClassWords(name)}.{" "}
          {evidence === null ? null : (
            <>
              Told by: <code>{evidence}</code>
            </>
          )}
        </p>
      ) : null}
    </div>
  );
};
