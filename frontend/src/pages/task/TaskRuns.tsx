import type { TaskDetail, TaskRun } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { type RunBar, RunBars } from "src/components/RunBars";
import { RunsChoice } from "src/components/RunsChoice";
import { Nothing, Section } from "src/components/Section";
import { Spoken } from "src/components/Spoken";
import { StateMark } from "src/components/StateMark";
import { cellClass, type Column, Table } from "src/components/Table";
import { testIds } from "src/components/testIds";
import { type Axis, TimeBar } from "src/components/TimeBar";
import { Took } from "src/components/Took";
import { Clock, Duration } from "src/components/Times";
import { countWords, instanceWords, momentOf } from "src/components/words";
import { links } from "src/host/links";
import styles from "src/pages/task/TaskRuns.module.css";

const COLUMNS = {
  when: { key: "when", label: "Run" },
  state: { key: "state", label: "State" },
  bar: { drops: "less", key: "bar", label: "Waited and ran" },
  waited: { drops: "minor", key: "waited", label: "Waited", number: true },
  took: { key: "took", label: "Took", number: true },
  tries: { key: "tries", label: "Tries", number: true },
  host: { drops: "minor", key: "host", label: "Host" },
  log: { key: "log", label: "" },
} as const satisfies Record<string, Column>;

const isMapped = ({ states }: TaskRun): boolean => Object.values(states).reduce((sum, count) => sum + count, 0) > 1;

/** The bars of all rows begin at the same place and are of the same scale. */
const axisOf = (runs: ReadonlyArray<TaskRun>): Axis => ({
  fromMs: 0,
  toMs: Math.max(1000, ...runs.map((run) => ((run.queued_s ?? 0) + (run.duration_s ?? 0)) * 1000)),
});

const barOf = ({ dag_id: dagId, task_id: taskId }: TaskDetail, run: TaskRun): RunBar => ({
  backfill: run.run.backfill,
  durationS: run.duration_s,
  queuedS: run.queued_s,
  runAfter: run.run.run_after,
  runId: run.run.run_id,
  startDate: run.start_date,
  state: run.state,
  to: links.tab.taskInstance(dagId, run.run.run_id, taskId, run.map_index),
});

type RowProps = { readonly axis: Axis; readonly detail: TaskDetail; readonly item: TaskRun };

const Row = ({ axis, detail: { dag_id: dagId, task_id: taskId }, item }: RowProps) => {
  const { map_index: mapIndex, queued_s: queuedS, run, state, try_number: tries } = item;
  const waitMs = (queuedS ?? 0) * 1000;

  return (
    <tr data-testid={testIds.taskRow}>
      <td className={cellClass(COLUMNS.when)}>
        <AirflowLink title={run.run_id} to={links.tab.run(dagId, run.run_id)}>
          <Clock at={momentOf(run)} />
        </AirflowLink>
        {run.backfill ? <span className={styles.instances}>backfill</span> : null}
      </td>
      <td className={cellClass(COLUMNS.state)}>
        <StateMark state={state} />
        {isMapped(item) ? <span className={styles.instances}>{instanceWords(item.states, state)}</span> : null}
      </td>
      <td className={cellClass(COLUMNS.bar, styles.bar)}>
        {item.duration_s === null ? null : (
          <TimeBar
            axis={axis}
            span={{ endMs: waitMs + item.duration_s * 1000, queuedS, startMs: waitMs, state }}
          />
        )}
      </td>
      <td className={cellClass(COLUMNS.waited)}>
        <Duration s={queuedS} />
      </td>
      <td className={cellClass(COLUMNS.took)}>
        <Took durationS={item.duration_s} startDate={item.start_date} state={state} />
      </td>
      <td className={cellClass(COLUMNS.tries)}>{tries === 0 ? "–" : tries}</td>
      <td className={cellClass(COLUMNS.host)}>
        <span className={styles.host} title={item.hostname ?? undefined}>
          {item.hostname ?? "–"}
        </span>
      </td>
      <td className={cellClass(COLUMNS.log)}>
        <AirflowLink className={styles.link} to={links.tab.taskInstance(dagId, run.run_id, taskId, mapIndex)}>
          Diagnose <Spoken>{run.run_id}</Spoken>
        </AirflowLink>
      </td>
    </tr>
  );
};

type TaskRunsProps = { readonly detail: TaskDetail; readonly runs: number };

/** The task over the newest runs: as bars, and row by row. */
export const TaskRuns = ({ detail, runs }: TaskRunsProps) => {
  const { median_duration_s: median, runs: items } = detail;
  const axis = axisOf(items);

  return (
    <Section aside={<RunsChoice byDefault={25} options={[25, 50, 100]} runs={runs} />} title="Over the runs">
      {items.length === 0 ? (
        <Nothing>This task is in none of the newest runs.</Nothing>
      ) : (
        <>
          <RunBars
            bars={items.map((item) => barOf(detail, item))}
            label={`Last ${countWords(items.length, "run")} of this task, oldest first`}
            summary={
              <>
                Run time, with the wait before it hatched
                {items.some(isMapped) ? "; the longest of its instances" : ""}
                {median === null ? null : (
                  <>
                    {" "}
                    · usually <Duration s={median} />
                  </>
                )}
              </>
            }
            typicalS={median}
          />
          <div className={styles.gap} />
          <Table columns={Object.values(COLUMNS)} label="Runs of this task">
            <tbody>
              {items.map((item) => (
                <Row axis={axis} detail={detail} item={item} key={item.run.run_id} />
              ))}
            </tbody>
          </Table>
        </>
      )}
    </Section>
  );
};
