import type { DagDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Nothing, Section } from "src/components/Section";
import { cellClass, type Column, Table } from "src/components/Table";
import tableStyles from "src/components/Table.module.css";
import { links } from "src/host/links";

const COLUMNS = {
  task: { key: "task", label: "Task", wide: true },
  unsuccessful: { key: "unsuccessful", label: "Runs failed or up for retry", number: true },
  failed: { key: "failed", label: "Runs failed", number: true },
} as const satisfies Record<string, Column>;

const bounded = (count: number, atBound: boolean): string => `${count}${atBound ? "+" : ""}`;

type DagTaskStreaksProps = { readonly detail: DagDetail };

/** Which tasks have failed again and again, over the newest runs without a success between. */
export const DagTaskStreaks = ({ detail: { dag, runs, task_streaks: streaks, tasks_allowed: allowed } }: DagTaskStreaksProps) => (
  <Section title="Failing tasks">
    {streaks.length === 0 ? (
      <Nothing>
        {allowed
          ? runs.length === 0
            ? "No task has run yet."
            : "No task has failed since it last succeeded."
          : "You are not allowed to see this Dag’s task instances."}
      </Nothing>
    ) : (
      <Table columns={Object.values(COLUMNS)} label="Failing tasks">
        <tbody>
          {streaks.map((streak) => (
            <tr key={streak.task_id}>
              <td className={cellClass(COLUMNS.task, tableStyles.name)}>
                <AirflowLink to={links.tab.task(dag.dag_id, streak.task_id)}>{streak.task_id}</AirflowLink>
              </td>
              <td className={cellClass(COLUMNS.unsuccessful)}>
                {bounded(streak.unsuccessful, streak.unsuccessful_at_bound)}
              </td>
              <td className={cellClass(COLUMNS.failed)}>{bounded(streak.failed, streak.failed_at_bound)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    )}
  </Section>
);
