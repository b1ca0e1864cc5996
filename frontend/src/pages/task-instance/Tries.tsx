import type { ReactNode } from "react";

import type { TaskInstanceDetail, Try } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Section } from "src/components/Section";
import { Spoken } from "src/components/Spoken";
import { StateMark } from "src/components/StateMark";
import tableStyles from "src/components/Table.module.css";
import { Clock, Duration } from "src/components/Times";
import { links } from "src/host/links";
import styles from "src/pages/task-instance/TaskInstance.module.css";

type Line = {
  readonly label: string;
  /** What two tries are compared by; lines without it are never marked as changed. */
  readonly same?: (one: Try) => string | null;
  readonly show: (one: Try, shown: Try | undefined) => ReactNode;
};

const WITHOUT_SIGNATURE = {
  absent: "no error in the log",
  forbidden: "not allowed to read",
  known: "not known",
  pending: "reading the log",
  unreadable: "log not readable",
} as const;

/** Whether a try failed like the shown one does. */
const failureWords = ({ error, try_number: number }: Try, shown: Try | undefined): ReactNode => {
  if (error === null) {
    return "–";
  }
  if (number === shown?.try_number) {
    return <span title={error.title ?? undefined}>this one</span>;
  }
  if (error.signature === null) {
    return <span title={error.reason ?? undefined}>{WITHOUT_SIGNATURE[error.state]}</span>;
  }
  const against = shown?.error?.signature ?? null;
  const words = against === null ? (error.type ?? error.title) : error.signature === against ? "same failure" : "another failure";

  return <span title={error.title ?? undefined}>{words}</span>;
};

const LINES: ReadonlyArray<Line> = [
  { label: "State", show: ({ state }) => <StateMark state={state} /> },
  { label: "Failure", show: failureWords },
  { label: "Started", show: ({ start_date: start }) => (start === null ? "–" : <Clock at={start} />) },
  { label: "Waited", show: ({ queued_s: s }) => <Duration s={s} /> },
  { label: "Took", show: ({ duration_s: s }) => <Duration s={s} /> },
  { label: "Host", same: ({ hostname }) => hostname, show: ({ hostname }) => hostname ?? "–" },
  { label: "Pool", same: ({ pool }) => pool, show: ({ pool }) => pool ?? "–" },
  { label: "Queue", same: ({ queue }) => queue, show: ({ queue }) => queue ?? "–" },
];

type TriesProps = { readonly detail: TaskInstanceDetail };

/** The tries side by side: did they fail alike; and where one ran elsewhere than the one before it, that stands out. */
export const Tries = ({ detail: { dag_id: dagId, map_index: mapIndex, run, shown_try: shown, task_id: taskId, tries } }: TriesProps) => {
  const shownTry = tries.find(({ try_number: number }) => number === shown);

  return tries.length === 0 ? null : (
    <Section title="Tries">
      <div className={tableStyles.scroll}>
        <table className={styles.compare}>
          <thead>
            <tr>
              <th scope="row">Try</th>
              {tries.map(({ try_number: number }) => (
                <th className={number === shown ? styles.shown : undefined} key={number} scope="col">
                  <AirflowLink className={styles.log} to={links.log(dagId, run.run_id, taskId, mapIndex, number)}>
                    {number} · log <Spoken>of this try</Spoken>
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
                      {show(one, shownTry)}
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
};
