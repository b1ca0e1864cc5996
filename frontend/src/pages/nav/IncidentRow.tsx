import { type KeyboardEvent, memo } from "react";

import { DagActions } from "src/actions/DagActions";
import type { FailingTask, Incident, IncidentKind } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { ErrorLine } from "src/components/ErrorLine";
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
          <AirflowLink to={links.dag(dagId)}>{dagId}</AirflowLink>
        </span>
      ))}
      {dagIds.length > DAGS_SHOWN ? ` and ${dagIds.length - DAGS_SHOWN} more` : ""}
    </span>
  );

type CauseProps = { readonly cause: FailingTask; readonly dagId: string };

/** A first-cause task with its error, and the ways to it. */
const Cause = ({ cause, dagId }: CauseProps) => {
  const { failed_instances: failed, map_index: mapIndex, run_id: runId, task_id: taskId, try_number: tryNumber } = cause;

  return (
    <div className={styles.cause}>
      <span className={styles.task}>
        <AirflowLink title={`${taskId}: the task instance that failed`} to={links.taskInstance(dagId, runId, taskId, mapIndex)}>
          {taskId}
        </AirflowLink>
        {failed > 1 ? <span className={styles.muted}> ×{failed}</span> : null}
      </span>
      <ErrorLine error={cause.error} />
      <span className={styles.ways}>
        <AirflowLink to={links.tab.taskInstance(dagId, runId, taskId, mapIndex)}>Diagnose</AirflowLink>
        <AirflowLink to={links.log(dagId, runId, taskId, mapIndex, tryNumber)}>Log</AirflowLink>
      </span>
    </div>
  );
};

const Causes = ({ incident }: IncidentProps) => {
  const { causes, dag_id: dagId, error, newest_failed_run: run, run_level_cause: runLevel } = incident;

  if (dagId !== null && causes.length > 0) {
    return (
      <>
        {causes.slice(0, CAUSES_SHOWN).map((cause) => (
          <Cause cause={cause} dagId={dagId} key={cause.task_id} />
        ))}
        {causes.length > CAUSES_SHOWN && run !== null ? (
          <AirflowLink className={styles.rest} to={links.tab.run(dagId, run.run_id)}>
            and {causes.length - CAUSES_SHOWN} more first causes
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
      {runLevel === null ? <ErrorLine error={error} /> : <span>{runLevelWords(runLevel)}</span>}
    </div>
  );
};

type IncidentRowProps = {
  /** It ended while the person was pointing at the list. */
  readonly gone: boolean;
  readonly incident: Incident;
  readonly isNew: boolean;
};

/** One incident: what, since when, why, whose; and what can be done about it. */
export const IncidentRow = memo(function IncidentRow({ gone, incident, isNew }: IncidentRowProps) {
  const { open } = useNavigation();
  const { dag_display_name: displayName, dag_id: dagId, file, kind, owners, tags } = incident;
  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>) => {
    if (event.key === "Enter" && event.target === event.currentTarget && dagId !== null) {
      open(links.dag(dagId));
    }
  };

  return (
    <li
      className={`${styles.row} ${styles[kind]} ${gone ? styles.gone : ""}`}
      data-testid={testIds.incident}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      <span aria-hidden className={styles.mark}>
        {MARKS[kind]}
      </span>
      <h2 className={styles.name}>
        {dagId === null ? (
          <span title={incident.bundle_name === null ? undefined : `Bundle ${incident.bundle_name}`}>{file ?? incident.key}</span>
        ) : (
          <AirflowLink to={links.dag(dagId)}>{displayName ?? dagId}</AirflowLink>
        )}
        {isNew ? <span className={styles.new}>new</span> : null}
        {gone ? <span className={styles.new}>ended</span> : null}
      </h2>
      <p className={styles.sentence}>
        <Sentence incident={incident} />
      </p>
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
        <Causes incident={incident} />
      </div>
    </li>
  );
});
