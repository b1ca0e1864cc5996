import { useId, useState } from "react";

import styles from "src/actions/actions.module.css";
import { Refusal } from "src/actions/Refusal";
import { useSubmit } from "src/actions/useSubmit";
import { askAgainAbout, deleteDag } from "src/api/actions";
import { AirflowLink } from "src/components/AirflowLink";
import { Button } from "src/components/Button";
import { Dialog } from "src/components/Dialog";
import { links } from "src/host/links";

type DeleteDialogProps = {
  readonly dagId: string;
  readonly onClose: () => void;
};

/** Deletes a Dag, once its id was typed. */
export default function DeleteDialog({ dagId, onClose }: DeleteDialogProps) {
  const [typed, setTyped] = useState("");
  const formId = useId();
  const { error, isUnderWay, result, submit } = useSubmit(() => void askAgainAbout(dagId));

  if (result !== undefined) {
    return (
      <Dialog
        footer={
          <Button autoFocus kind="primary" onClick={onClose}>
            Close
          </Button>
        }
        onClose={onClose}
        open
        title={`Deleted ${dagId}`}
      >
        <p role="status">
          Airflow has deleted the Dag and what it kept of it. If its file is still in the bundle, it comes back without
          its history when Airflow next reads the file.
        </p>
        <p>
          <AirflowLink className={styles.link} onClick={onClose} to={links.nav("?view=dags")}>
            All Dags
          </AirflowLink>
        </p>
      </Dialog>
    );
  }

  return (
    <Dialog
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button disabled={typed !== dagId || isUnderWay} form={formId} kind="danger" type="submit">
            {isUnderWay ? "Deleting…" : "Delete this Dag"}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={`Delete ${dagId}`}
    >
      <form
        className={styles.form}
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === dagId) {
            submit(() => deleteDag(dagId, typed));
          }
        }}
      >
        <p>
          Airflow deletes the Dag with all its runs, task instances and tries. This cannot be undone. The file stays: if
          it is still in the bundle, the Dag comes back without its history.
        </p>
        <label className={styles.field}>
          <span>
            Type <code className={styles.toType}>{dagId}</code> to delete it
          </span>
          <input
            autoComplete="off"
            className={styles.input}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
            spellCheck={false}
            value={typed}
          />
        </label>
        {error === undefined ? null : <Refusal error={error} />}
      </form>
    </Dialog>
  );
}
