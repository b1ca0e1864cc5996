import { type KeyboardEvent, useId, useState } from "react";

import styles from "src/actions/actions.module.css";
import { readConf } from "src/actions/conf";
import { Refusal } from "src/actions/Refusal";
import { useSubmit } from "src/actions/useSubmit";
import { instantOf } from "src/actions/zonedTime";
import { askAgainAbout, triggerDag } from "src/api/actions";
import { AirflowLink } from "src/components/AirflowLink";
import { Button } from "src/components/Button";
import { Dialog } from "src/components/Dialog";
import { links } from "src/host/links";
import { usePreferences } from "src/host/preferences";

const NOTE_MAX = 1000;

type TriggerDialogProps = {
  readonly dagId: string;
  readonly onClose: () => void;
  readonly paused: boolean;
};

/** Triggers a run of a Dag: configuration, logical date and note, all of them optional. */
export default function TriggerDialog({ dagId, onClose, paused }: TriggerDialogProps) {
  const { timeZone } = usePreferences();
  const [text, setText] = useState("{}");
  const [logical, setLogical] = useState("");
  const [note, setNote] = useState("");
  const formId = useId();
  const problemId = useId();
  const { error, isUnderWay, result, submit } = useSubmit(() => void askAgainAbout(dagId));
  const { conf, problem } = readConf(text);

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
        title={`Triggered ${dagId}`}
      >
        <p role="status">
          {result.run_id === null ? (
            "Airflow has made the run."
          ) : (
            <>
              Airflow has made the run{" "}
              <AirflowLink className={styles.link} onClick={onClose} to={links.run(dagId, result.run_id)}>
                {result.run_id}
              </AirflowLink>
              .
            </>
          )}
          {paused ? " It waits until the Dag is unpaused." : ""}
        </p>
      </Dialog>
    );
  }
  const send = () => {
    if (conf !== undefined) {
      const logicalDate = instantOf(logical, timeZone) ?? null;

      submit(() => triggerDag(dagId, { conf, logicalDate, note: note.trim() === "" ? null : note }));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  };

  return (
    <Dialog
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button disabled={problem !== undefined || isUnderWay} form={formId} kind="primary" type="submit">
            {isUnderWay ? "Triggering…" : "Trigger"}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={`Trigger ${dagId}`}
    >
      <form
        className={styles.form}
        id={formId}
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {paused ? <p className={styles.muted}>This Dag is paused: its new run waits until it is unpaused.</p> : null}
        <div className={styles.field}>
          <label htmlFor={`${formId}-conf`}>Configuration (JSON)</label>
          <textarea
            aria-describedby={problemId}
            aria-invalid={problem !== undefined}
            className={`${styles.input} ${styles.editor}`}
            id={`${formId}-conf`}
            onChange={(event) => {
              setText(event.target.value);
            }}
            rows={8}
            spellCheck={false}
            value={text}
          />
          <span className={styles.below}>
            <span aria-live="polite" className={styles.problem} id={problemId} title={problem}>
              {problem}
            </span>
            <Button
              disabled={conf === undefined}
              kind="quiet"
              onClick={() => {
                setText(JSON.stringify(conf, null, 2));
              }}
            >
              Format
            </Button>
          </span>
        </div>
        <label className={styles.field}>
          <span>
            Logical date <span className={styles.muted}>in {timeZone}; empty for none</span>
          </span>
          <input
            className={styles.input}
            onChange={(event) => {
              setLogical(event.target.value);
            }}
            step={1}
            type="datetime-local"
            value={logical}
          />
        </label>
        <label className={styles.field}>
          <span>Note</span>
          <textarea
            className={styles.input}
            maxLength={NOTE_MAX}
            onChange={(event) => {
              setNote(event.target.value);
            }}
            rows={2}
            value={note}
          />
        </label>
        {error === undefined ? null : <Refusal error={error} />}
      </form>
    </Dialog>
  );
}
