import { type KeyboardEvent, memo, type MouseEvent } from "react";

import { DagActions } from "src/actions/DagActions";
import type { ErrorLine as ErrorLineData, FailingTask, Incident, IncidentKind } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { ErrorClassMark } from "src/components/ErrorClassMark";
import { ErrorDetails } from "src/components/ErrorDetails";
import { ErrorLine } from "src/components/ErrorLine";
import { Expander } from "src/components/Expander";
import { runLevelWords, runsWords } from "src/components/streakWords";
import { StreakSentence } from "src/components/StreakSentence";
import { testIds } from "src/components/testIds";
import { Clock, TimeAgo } from "src/components/Times";
import { links } from "src/host/links";
import { useNavigation } from "src/host/navigation";
import styles from "src/pages/nav/IncidentRow.module.css";

const MARKS: Readonly<Record<IncidentKind, string>> = { failing: "✕", import_error: "!", paused_by_airflow: "‖" };
const CAUSES_SHOWN = 3;
const DAGS_SHOWN = 5;

type IncidentProps = { readonly incident: Incident };

const Sentence = ({ incident }: IncidentProps) => {
  const { dag_id: dagId, kind, opened_at: openedAt, streak } = incident;

  switch (kind) {
    case "failing":
      return dagId === null || streak === null ? (
        <>
          Failing since <Clock at={openedAt} />
        </>
      ) : (
        <StreakSentence dagId={dagId} streak={streak} />
      );
    case "import_error":
      return (
        <>
          Does not import, since <Clock at={openedAt} />
          <HeldDags dagIds={incident.file_dag_ids} />
        </>
      );
    case "paused_by_airflow":
      return (
        <>
          Paused by Airflow at <Clock at={openedAt} />
          {streak === null || streak.length === 0 ? null : (
            <>
              {" "}
              after <b>{runsWords(streak)}</b> failed one after the other
            </>
          )}
        </>
      );
  }
};

const HeldDags = ({ dagIds }: { readonly dagIds: ReadonlyArray<string> }) =>
  dagIds.length === 0 ? null : (
    <span className={styles.muted}>
      {" · held "}
      {dagIds.slice(0, DAGS_SHOWN).map((dagId, index) => (
        <span key={dagId}>
          {index === 0 ? "" : ", "}
          <AirflowLink className={styles.held} to={links.dag(dagId)}>
            {dagId}
          </AirflowLink>
        </span>
      ))}
      {dagIds.length > DAGS_SHOWN ? ` and ${dagIds.length - DAGS_SHOWN} more` : ""}
    </span>
  );

/** The error in one line, and what kind of failure it is beside it. */
const ClassedError = ({ error }: { readonly error: ErrorLineData }) => (
  <span className={styles.error}>
    <ErrorLine error={error} />
    {error.error_class === null ? null : <ErrorClassMark errorClass={error.error_class} evidence={error.evidence} />}
  </span>
);

type CauseProps = { readonly cause: FailingTask; readonly dagId: string };

const CauseTask = ({ cause, dagId }: CauseProps) => {
  const { failed_instances: failed, map_index: mapIndex, run_id: runId, task_id: taskId } = cause;

  return (
    <span className={styles.task}>
      <AirflowLink title={`${taskId}: the task instance that failed`} to={links.taskInstance(dagId, runId, taskId, mapIndex)}>
        {taskId}
      </AirflowLink>
      {failed > 1 ? <span className={styles.muted}> ×{failed}</span> : null}
    </span>
  );
};

const CauseWays = ({ cause, dagId }: CauseProps) => {
  const { map_index: mapIndex, run_id: runId, task_id: taskId, try_number: tryNumber } = cause;

  return (
    <span className={styles.ways}>
      <AirflowLink to={links.tab.taskInstance(dagId, runId, taskId, mapIndex)}>Diagnose</AirflowLink>
      <AirflowLink to={links.log(dagId, runId, taskId, mapIndex, tryNumber)}>Log</AirflowLink>
    </span>
  );
};

/** A first-cause task with its error, and the ways to it. */
const Cause = ({ cause, dagId }: CauseProps) => (
  <div className={styles.cause}>
    <CauseTask cause={cause} dagId={dagId} />
    <ClassedError error={cause.error} />
    <CauseWays cause={cause} dagId={dagId} />
  </div>
);

type CausesProps = IncidentProps & {
  /** Their error stands at the head of the group, so they only say which task it was. */
  readonly signature: string | undefined;
};

const Causes = ({ incident, signature }: CausesProps) => {
  const { causes, dag_id: dagId, error, newest_failed_run: run, run_level_cause: runLevel } = incident;

  if (dagId !== null && causes.length > 0) {
    const own = signature === undefined ? causes : causes.filter((cause) => cause.error.signature !== signature);

    return (
      <>
        {own.slice(0, CAUSES_SHOWN).map((cause) => (
          <Cause cause={cause} dagId={dagId} key={cause.task_id} />
        ))}
        {own.length > CAUSES_SHOWN && run !== null ? (
          <AirflowLink className={styles.rest} to={links.tab.run(dagId, run.run_id)}>
            and {own.length - CAUSES_SHOWN} more first causes
          </AirflowLink>
        ) : null}
      </>
    );
  }

  return (
    <div className={styles.cause}>
      <span className={styles.task}>
        {dagId !== null && run !== null ? <AirflowLink to={links.run(dagId, run.run_id)}>the run</AirflowLink> : null}
      </span>
      {runLevel === null ? <ClassedError error={error} /> : <span>{runLevelWords(runLevel)}</span>}
    </div>
  );
};

/** The errors in full, below the row. */
const Details = ({ incident: { causes, error, run_level_cause: runLevel } }: IncidentProps) => (
  <div className={styles.details} data-testid={testIds.errorDetails}>
    {causes.slice(0, CAUSES_SHOWN).map((cause) => (
      <div className={styles.detail} key={cause.task_id}>
        <span className={styles.task}>{cause.task_id}</span>
        <ErrorDetails error={cause.error} />
      </div>
    ))}
    {causes.length === 0 ? (
      <div className={styles.detail}>
        <span />
        {runLevel === null ? <ErrorDetails error={error} /> : <span>{runLevelWords(runLevel)}</span>}
      </div>
    ) : null}
  </div>
);

type IncidentRowProps = {
  /** It ended while the person was pointing at the list. */
  readonly gone: boolean;
  readonly incident: Incident;
  readonly isNew: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (key: string) => void;
  /** Of the group at whose head the error stands. */
  readonly signature?: string;
};

/** Whether a click was meant for the row: not for a link or a button in it, nor the end of marking text. */
const isForRow = ({ currentTarget, target }: MouseEvent): boolean =>
  target instanceof Element &&
  currentTarget.contains(target) &&
  target.closest("a, button, [role=menuitem]") === null &&
  getSelection()?.isCollapsed !== false;

/** One incident: what, since when, why, whose; and what can be done about it. */
export const IncidentRow = memo(function IncidentRow({ gone, incident, isNew, isOpen, onToggle, signature }: IncidentRowProps) {
  const { open } = useNavigation();
  const { causes, dag_display_name: displayName, dag_id: dagId, file, key, kind, owners, tags } = incident;
  const shared = signature === undefined ? [] : causes.filter(({ error }) => error.signature === signature);
  const [first] = shared;
  const name = displayName ?? dagId ?? file ?? key;
  const Name = signature === undefined ? "h2" : "h3";
  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>) => {
    if (event.key === "Enter" && event.target === event.currentTarget && dagId !== null) {
      open(links.dag(dagId));
    }
  };

  return (
    <li
      className={`${styles.row} ${styles[kind]} ${gone ? styles.gone : ""} ${signature === undefined ? "" : styles.grouped}`}
      data-row={key}
      data-testid={testIds.incident}
      onClick={(event) => {
        if (isForRow(event)) {
          onToggle(key);
        }
      }}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      <Expander
        isOpen={isOpen}
        label={`The error of ${name} in full`}
        onToggle={() => {
          onToggle(key);
        }}
      />
      <span aria-hidden className={styles.mark}>
        {MARKS[kind]}
      </span>
      <Name className={styles.name}>
        {dagId === null ? (
          <span title={incident.bundle_name === null ? undefined : `Bundle ${incident.bundle_name}`}>{name}</span>
        ) : (
          <AirflowLink to={links.dag(dagId)}>{name}</AirflowLink>
        )}
        {isNew ? <span className={styles.new}>new</span> : null}
        {gone ? <span className={styles.new}>ended</span> : null}
      </Name>
      <div className={styles.sentence}>
        {dagId === null || first === undefined ? null : (
          <span className={styles.shared}>
            <CauseTask cause={first} dagId={dagId} />
            {shared.length > 1 ? (
              <span className={styles.muted} title={shared.map(({ task_id: taskId }) => taskId).join(", ")}>
                +{shared.length - 1}
              </span>
            ) : null}
          </span>
        )}
        <p className={styles.words}>
          <Sentence incident={incident} />
        </p>
        {dagId === null || first === undefined ? null : <CauseWays cause={first} dagId={dagId} />}
      </div>
      <p className={styles.whose} title={[...owners, ...tags.map((tag) => `#${tag}`)].join("  ")}>
        {owners.join(", ")}
        {tags.map((tag) => (
          <span className={styles.tag} key={tag}>
            #{tag}
          </span>
        ))}
      </p>
      <p className={styles.age}>
        <TimeAgo at={incident.opened_at} />
      </p>
      <div className={styles.actions}>{
        // A failing incident ends when its Dag is paused, so only the other kind is of a paused one.
        dagId === null || gone ? null : <DagActions compact dagId={dagId} paused={kind === "paused_by_airflow"} />
      }</div>
      <div className={styles.causes}>
        <Causes incident={incident} signature={signature} />
      </div>
      {isOpen ? <Details incident={incident} /> : null}
    </li>
  );
});
