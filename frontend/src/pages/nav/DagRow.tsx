import { type CSSProperties, memo } from "react";

import { DagActions } from "src/actions/DagActions";
import type { DagItem } from "src/api/types";
import { HealthMark } from "src/components/HealthMark";
import { RunStrip } from "src/components/RunStrip";
import { Skeleton } from "src/components/Skeleton";
import { testIds } from "src/components/testIds";
import { durationWords } from "src/components/times";
import { RunningFor, TimeAgo } from "src/components/Times";
import { links } from "src/host/links";
import type { Navigation } from "src/host/navigation";
import type { Preferences } from "src/host/preferences";
import styles from "src/pages/nav/Dags.module.css";

/** Beyond this times its typical duration a run is marked as long. */
const LONG = 1.5;

type DagProps = { readonly dag: DagItem };

const StreakCell = ({ dag: { streak } }: DagProps) =>
  streak === null || (streak.length === 0 && streak.rerunning_since === null) ? (
    <span className={styles.faint}>–</span>
  ) : (
    <span className={styles.streak} title={streak.rerunning_since === null ? undefined : "Being run again"}>
      {streak.rerunning_since === null ? "" : "↻ "}
      {streak.length}
      {streak.at_bound ? "+" : ""}
    </span>
  );

const OkCell = ({ dag: { counting_runs: of, successes } }: DagProps) =>
  of === 0 ? (
    <span className={styles.faint}>–</span>
  ) : (
    <span className={successes === of ? styles.faint : undefined} title={`${successes} of ${of}`}>
      {Math.floor((successes / of) * 100)} %
    </span>
  );

const LastCell = ({ dag: { last_duration_s: last, typical_duration_s: typical } }: DagProps) => {
  const long = last !== null && typical !== null && last > typical * LONG;

  return (
    <>
      <span title={long ? "Took half as long again as is typical" : undefined}>
        {long ? <span className={styles.long}>▲ </span> : null}
        {last === null ? <span className={styles.faint}>–</span> : durationWords(last)}
      </span>
      <span className={styles.typical} title={typical === null ? "Typical duration: still learning" : "Typical duration"}>
        {typical === null ? "" : durationWords(typical)}
      </span>
    </>
  );
};

type NextProps = DagProps & { readonly navigation: Navigation };

const NextCell = ({ dag, navigation }: NextProps) => {
  const { dag_id: dagId, next_run_at: next, paused, paused_by_airflow: byAirflow, running_run_id: runId, running_since: since } = dag;

  if (since !== null && runId !== null) {
    return (
      <a href={navigation.hrefOf(links.run(dagId, runId))}>
        running <RunningFor since={since} />
      </a>
    );
  }
  if (paused) {
    return <span title={byAirflow ? "Airflow paused it after too many failed runs" : undefined}>{byAirflow ? "paused by Airflow" : "paused"}</span>;
  }

  return next === null ? <span className={styles.faint}>–</span> : <TimeAgo at={next} />;
};

type DagRowProps = {
  readonly active: boolean;
  readonly dag: DagItem;
  /** No longer in the answer: kept until the pointer leaves the table. */
  readonly gone: boolean;
  readonly index: number;
  readonly navigation: Navigation;
  readonly onActive: (dagId: string) => void;
  readonly preferences: Preferences;
  readonly style: CSSProperties;
};

/** One Dag in 36 px. The menu of actions is only made for the row that is pointed at or chosen by key. */
export const DagRow = memo(function DagRow({ active, dag, gone, index, navigation, onActive, preferences, style }: DagRowProps) {
  const { dag_id: dagId, display_name: name, health, owners, paused, schedule, schedule_description: description, streak, tags } = dag;

  return (
    <div
      aria-rowindex={index + 2}
      className={`${styles.row} ${paused ? styles.paused : ""} ${gone ? styles.gone : ""} ${active ? styles.active : ""}`}
      data-dag-id={dagId}
      data-index={index}
      data-testid={testIds.dagRow}
      onFocus={() => {
        onActive(dagId);
      }}
      onPointerEnter={() => {
        onActive(dagId);
      }}
      role="row"
      style={style}
      tabIndex={active ? 0 : -1}
    >
      <span className={styles.health} role="cell">
        <HealthMark health={health} warnings={dag.warnings} />
      </span>
      <span className={styles.dag} role="cell">
        <a className={styles.name} href={navigation.hrefOf(links.dag(dagId))} title={name === dagId ? dagId : `${name} (${dagId})`}>
          {name}
        </a>
        {tags.length === 0 ? null : (
          <span className={styles.tags} title={tags.map((tag) => `#${tag}`).join("  ")}>
            {tags.map((tag) => `#${tag}`).join(" ")}
          </span>
        )}
      </span>
      <span className={styles.runs} role="cell">
        <RunStrip dagId={dagId} navigation={navigation} preferences={preferences} strip={dag.strip} typicalS={dag.typical_duration_s} />
      </span>
      <span className={`${styles.streakCell} ${styles.end}`} role="cell">
        <StreakCell dag={dag} />
      </span>
      <span className={`${styles.since} ${styles.end}`} role="cell">
        {typeof streak?.failing_since === "string" ? <TimeAgo at={streak.failing_since} /> : <span className={styles.faint}>–</span>}
      </span>
      <span className={`${styles.okRate} ${styles.end}`} role="cell">
        <OkCell dag={dag} />
      </span>
      <span className={`${styles.last} ${styles.end}`} role="cell">
        <LastCell dag={dag} />
      </span>
      <span className={`${styles.schedule} ${styles.clip}`} role="cell" title={description ?? schedule ?? undefined}>
        {schedule ?? <span className={styles.faint}>–</span>}
      </span>
      <span className={`${styles.next} ${styles.end}`} role="cell">
        <NextCell dag={dag} navigation={navigation} />
      </span>
      <span className={`${styles.owner} ${styles.clip}`} role="cell" title={owners.join(", ")}>
        {owners.join(", ")}
      </span>
      <span className={styles.actions} role="cell">
        {active && !gone ? <DagActions compact dagId={dagId} paused={paused} /> : null}
      </span>
    </div>
  );
});

type SkeletonRowProps = { readonly index: number; readonly style?: CSSProperties };

/** A row that is on its way, in the columns of the real ones. */
export const SkeletonRow = ({ index, style }: SkeletonRowProps) => (
  <div aria-hidden className={styles.row} data-index={index} style={style}>
    <span className={styles.health}>
      <Skeleton height={16} width={16} />
    </span>
    <span className={styles.dag}>
      <Skeleton width={110 + ((index * 37) % 90)} />
    </span>
    <span className={styles.runs}>
      <Skeleton height={14} width={175} />
    </span>
    <span className={`${styles.streakCell} ${styles.end}`}>
      <Skeleton width={16} />
    </span>
    <span className={`${styles.since} ${styles.end}`}>
      <Skeleton width={40} />
    </span>
    <span className={`${styles.okRate} ${styles.end}`}>
      <Skeleton width={34} />
    </span>
    <span className={`${styles.last} ${styles.end}`}>
      <Skeleton width={110} />
    </span>
    <span className={styles.schedule}>
      <Skeleton width={60} />
    </span>
    <span className={`${styles.next} ${styles.end}`}>
      <Skeleton width={60} />
    </span>
    <span className={styles.owner}>
      <Skeleton width={80} />
    </span>
    <span className={styles.actions} />
  </div>
);
