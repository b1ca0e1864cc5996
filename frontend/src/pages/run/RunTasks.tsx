import { useRef } from "react";

import type { RunDetail, RunTask } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { ErrorLine } from "src/components/ErrorLine";
import { SearchField } from "src/components/SearchField";
import { Nothing, Section } from "src/components/Section";
import { Spoken } from "src/components/Spoken";
import { StateMark } from "src/components/StateMark";
import { NoMatch } from "src/components/States";
import { cellClass, type Column, Table } from "src/components/Table";
import { testIds } from "src/components/testIds";
import { axisOf, spanOf } from "src/components/timeAxis";
import { type Axis, TimeBar } from "src/components/TimeBar";
import { Took } from "src/components/Took";
import { Duration } from "src/components/Times";
import { instanceWords } from "src/components/words";
import { useNow } from "src/host/clock";
import { useKeys } from "src/host/keyboard";
import { links } from "src/host/links";
import { useSearchState } from "src/host/searchState";
import styles from "src/pages/run/RunTasks.module.css";
import { groupTasks } from "src/pages/run/taskGroups";

const COLUMNS = {
  state: { key: "state", label: "State" },
  task: { key: "task", label: "Task" },
  bar: { drops: "less", key: "bar", label: "When it waited and ran" },
  waited: { drops: "minor", key: "waited", label: "Waited", number: true },
  took: { key: "took", label: "Took", number: true },
  tries: { key: "tries", label: "Try", number: true },
  log: { key: "log", label: "" },
} as const satisfies Record<string, Column>;

const COUNT = Object.keys(COLUMNS).length;

/** Airflow gives a start and an end to what it only decided about: a task that was taken down or skipped. */
const didRun = ({ duration_s: durationS, state }: RunTask): boolean => state !== "upstream_failed" && durationS !== 0;

type TaskRowProps = {
  readonly axis: Axis;
  readonly dagId: string;
  readonly now: number;
  readonly runId: string;
  readonly task: RunTask;
};

const TaskRow = ({ axis, dagId, now, runId, task }: TaskRowProps) => {
  const { error, map_index: mapIndex, mapped, state, task_id: taskId } = task;
  const ran = didRun(task);
  const span = ran ? spanOf(task, now) : undefined;

  return (
    <>
      <tr data-testid={testIds.taskRow}>
        <td className={cellClass(COLUMNS.state)}>
          <StateMark state={state} />
        </td>
        <td className={cellClass(COLUMNS.task)}>
          <AirflowLink
            className={styles.task}
            title={taskId}
            to={links.tab.taskInstance(dagId, runId, taskId, mapIndex)}
          >
            {taskId}
          </AirflowLink>
          {mapped ? <span className={styles.instances}>{instanceWords(task.states, state)}</span> : null}
        </td>
        <td className={cellClass(COLUMNS.bar, styles.bar)}>
          {span === undefined ? null : <TimeBar axis={axis} span={span} />}
        </td>
        <td className={cellClass(COLUMNS.waited)}>
          <Duration s={task.queued_s} />
        </td>
        <td className={cellClass(COLUMNS.took)}>
          <Took durationS={ran ? task.duration_s : null} startDate={task.start_date} state={state} />
        </td>
        <td className={cellClass(COLUMNS.tries)}>{task.try_number === 0 ? "–" : task.try_number}</td>
        <td className={cellClass(COLUMNS.log)}>
          {task.try_number === 0 ? null : (
            <AirflowLink className={styles.link} to={links.log(dagId, runId, taskId, mapIndex, task.try_number)}>
              Log <Spoken>of {taskId}</Spoken>
            </AirflowLink>
          )}
        </td>
      </tr>
      {error === null ? null : (
        <tr className={styles.errorRow}>
          <td colSpan={COUNT} style={{ maxWidth: 0 }}>
            <span className={styles.error}>
              <ErrorLine error={error} />
              <AirflowLink className={styles.link} to={links.tab.taskInstance(dagId, runId, taskId, mapIndex)}>
                <span aria-hidden>→ </span>Diagnose <Spoken>{taskId}</Spoken>
              </AirflowLink>
            </span>
          </td>
        </tr>
      )}
    </>
  );
};

type RunTasksProps = { readonly detail: RunDetail };

/** The tasks of the run: what failed first, what that took down, then the others, each on the run's own time. */
export const RunTasks = ({ detail }: RunTasksProps) => {
  const { dag_id: dagId, run, tasks, tasks_allowed: allowed, truncated } = detail;
  const { change, one } = useSearchState();
  const searchRef = useRef<HTMLInputElement>(null);
  const now = useNow();
  const text = one("q") ?? "";
  const found = tasks.filter((task) => task.task_id.toLowerCase().includes(text.toLowerCase()));
  const axis = axisOf(tasks.filter(didRun).flatMap((task) => spanOf(task, now) ?? []));
  const search = (q: string) => {
    change({ q });
  };

  useKeys((key) => {
    if (key !== "/" || searchRef.current === null) {
      return false;
    }
    searchRef.current.focus();

    return true;
  });

  if (!allowed || tasks.length === 0) {
    return (
      <Section title="Tasks">
        <Nothing>
          {allowed ? "This run has no task instances yet." : "You are not allowed to see this Dag’s task instances."}
        </Nothing>
      </Section>
    );
  }

  return (
    <Section
      aside={
        <>
          {truncated ? <span>Only the first {tasks.length} tasks are listed</span> : null}
          <span className={styles.search}>
            <SearchField inputRef={searchRef} label="Search tasks" onChange={search} value={text} />
          </span>
        </>
      }
      title="Tasks"
    >
      {found.length === 0 ? (
        <NoMatch
          onClear={() => {
            search("");
          }}
          what="tasks"
        />
      ) : (
        <Table columns={Object.values(COLUMNS)} label="Tasks of this run">
          {groupTasks(found).map(({ role, tasks: members, title }) => (
            <tbody key={role}>
              {title === "" ? null : (
                <tr className={styles.group}>
                  <th colSpan={COUNT} scope="rowgroup">
                    {title} · {members.length}
                  </th>
                </tr>
              )}
              {members.map((task) => (
                <TaskRow axis={axis} dagId={dagId} key={task.task_id} now={now} runId={run.run_id} task={task} />
              ))}
            </tbody>
          ))}
        </Table>
      )}
    </Section>
  );
};
