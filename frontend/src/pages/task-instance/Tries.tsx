import type { ReactNode } from "react";

import type { TaskInstanceDetail, Try } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Section } from "src/components/Section";
import { StateMark } from "src/components/StateMark";
import tableStyles from "src/components/Table.module.css";
import { Clock, Duration } from "src/components/Times";
import { links } from "src/host/links";
import styles from "src/pages/task-instance/TaskInstance.module.css";

type Line = {
  readonly label: string;
  /** What two tries are compared by; lines without it are never marked as changed. */
  readonly same?: (one: Try) => string | null;
  readonly show: (one: Try) => ReactNode;
};

const LINES: ReadonlyArray<Line> = [
  { label: "State", show: ({ state }) => <StateMark state={state} /> },
  { label: "Started", show: ({ start_date: start }) => (start === null ? "–" : <Clock at={start} />) },
  { label: "Waited", show: ({ queued_s: s }) => <Duration s={s} /> },
  { label: "Took", show: ({ duration_s: s }) => <Duration s={s} /> },
  { label: "Host", same: ({ hostname }) => hostname, show: ({ hostname }) => hostname ?? "–" },
  { label: "Pool", same: ({ pool }) => pool, show: ({ pool }) => pool ?? "–" },
  { label: "Queue", same: ({ queue }) => queue, show: ({ queue }) => queue ?? "–" },
];

type TriesProps = { readonly detail: TaskInstanceDetail };

/** The tries side by side; where one ran elsewhere than the one before it, that stands out. */
export const Tries = ({ detail: { dag_id: dagId, map_index: mapIndex, run, shown_try: shown, task_id: taskId, tries } }: TriesProps) =>
  tries.length === 0 ? null : (
    <Section title="Tries">
      <div className={tableStyles.scroll}>
        <table className={styles.compare}>
          <thead>
            <tr>
              <th scope="row">Try</th>
              {tries.map(({ try_number: number }) => (
                <th className={number === shown ? styles.shown : undefined} key={number} scope="col">
                  <AirflowLink
                    aria-label={`Log of try ${number}`}
                    className={styles.log}
                    to={links.log(dagId, run.run_id, taskId, mapIndex, number)}
                  >
                    {number} · log
                  </AirflowLink>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {LINES.map(({ label, same, show }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {tries.map((one, index) => {
                  const before = tries[index - 1];
                  const changed = same !== undefined && before !== undefined && same(before) !== same(one);

                  return (
                    <td
                      className={`${one.try_number === shown ? styles.shown : ""} ${changed ? styles.changed : ""}`}
                      key={one.try_number}
                      title={changed ? "Another than in the try before" : undefined}
                    >
                      {show(one)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
