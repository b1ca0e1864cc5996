import { useQuery } from "@tanstack/react-query";

import { signaturesQuery } from "src/api/dag";
import type { SignatureCount, Signatures } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { ErrorClassMark } from "src/components/ErrorClassMark";
import styles from "src/components/KindsOfFailures.module.css";
import { Nothing, Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { Loaded } from "src/components/States";
import { cellClass, type Column, Table } from "src/components/Table";
import tableStyles from "src/components/Table.module.css";
import { testIds } from "src/components/testIds";
import { Clock } from "src/components/Times";
import { countWords, listWords } from "src/components/words";
import { links } from "src/host/links";

const COLUMNS = {
  title: { key: "title", label: "Failure", wide: true },
  kind: { key: "kind", label: "Kind" },
  tasks: { drops: "less", key: "tasks", label: "Tasks" },
  runs: { key: "runs", label: "Runs", number: true },
  first: { drops: "minor", key: "first", label: "First seen", number: true },
  last: { key: "last", label: "Last seen", number: true },
  newest: { key: "newest", label: "" },
} as const satisfies Record<string, Column>;

const TASKS_SHOWN = 2;

/** "flaky: 3 of 25 runs needed a retry"; nothing when none did. */
const flakyWords = ({ finished_runs: finished, flaky_runs: flaky }: Signatures): string | null =>
  flaky === 0 ? null : `flaky: ${flaky} of ${countWords(finished, "run")} needed a retry`;

type RowProps = { readonly kind: SignatureCount; readonly ofTask: boolean; readonly runs: number };

const Row = ({ kind, ofTask, runs }: RowProps) => {
  const { error_class: errorClass, evidence, first_seen: first, last_seen: last, newest, task_ids: taskIds, title } = kind;

  return (
    <tr>
      <td className={cellClass(COLUMNS.title, tableStyles.name)} title={title}>
        {title}
      </td>
      <td className={cellClass(COLUMNS.kind)}>
        <ErrorClassMark errorClass={errorClass} evidence={evidence} />
      </td>
      {ofTask ? null : (
        <td className={cellClass(COLUMNS.tasks)} title={taskIds.join(", ")}>
          <span className={styles.tasks}>{listWords(taskIds, TASKS_SHOWN)}</span>
        </td>
      )}
      <td className={cellClass(COLUMNS.runs)}>
        {kind.runs} of {runs}
      </td>
      <td className={cellClass(COLUMNS.first)}>
        <Clock at={first} />
      </td>
      <td className={cellClass(COLUMNS.last)}>
        <Clock at={last} />
      </td>
      <td className={cellClass(COLUMNS.newest)}>
        <AirflowLink
          aria-label={`Diagnose the newest: ${title}`}
          className={styles.link}
          to={links.tab.taskInstance(newest.dag_id, newest.run_id, newest.task_id, newest.map_index)}
        >
          Diagnose
        </AirflowLink>
      </td>
    </tr>
  );
};

/** Why there are no rows, or not all of them. */
const notesOf = ({ allowed, failed_runs: failed, items, pending_errors: pending, runs, unread }: Signatures): ReadonlyArray<string> => {
  if (!allowed) {
    return [
      `You are not allowed to read this Dag’s task logs, so what failed is not shown; ${failed} of the last ${countWords(runs, "run")} have a failed task.`,
    ];
  }
  const notes: Array<string> = [];

  if (pending > 0) {
    notes.push(`Reading ${countWords(pending, "log")} …`);
  }
  if (unread > 0) {
    notes.push(`${countWords(unread, "more failure")} whose log was not read: there are too many.`);
  }
  if (notes.length > 0 || items.length > 0) {
    return notes;
  }

  return [
    runs === 0
      ? "No run yet."
      : failed === 0
        ? `No task failed in the last ${countWords(runs, "run")}.`
        : `In ${failed} of the last ${countWords(runs, "run")} a task failed, and nothing is known of why.`,
  ];
};

type KindsProps = { readonly signatures: Signatures };

const Kinds = ({ signatures }: KindsProps) => {
  const { items, runs, task_id: taskId } = signatures;
  const ofTask = taskId !== null;
  const columns = Object.values(COLUMNS).filter(({ key }) => !ofTask || key !== COLUMNS.tasks.key);

  return (
    <>
      {items.length === 0 ? null : (
        <Table columns={columns} label="Kinds of failures">
          <tbody>
            {items.map((kind) => (
              <Row key={kind.signature} kind={kind} ofTask={ofTask} runs={runs} />
            ))}
          </tbody>
        </Table>
      )}
      {notesOf(signatures).map((note) => (
        <Nothing key={note}>{note}</Nothing>
      ))}
    </>
  );
};

type KindsOfFailuresProps = {
  readonly dagId: string;
  /** Only of this task; of the whole Dag without it. */
  readonly taskId?: string;
};

/** Which failures a Dag or task had over its newest runs, how often and when; and how often a retry saved it. */
export const KindsOfFailures = ({ dagId, taskId }: KindsOfFailuresProps) => {
  const query = useQuery(signaturesQuery(dagId, taskId));
  const signatures = query.data?.body;
  const flaky = signatures === undefined ? null : flakyWords(signatures);

  return (
    <div data-testid={testIds.kindsOfFailures}>
      <Section
        aside={
          <>
            {flaky === null ? null : <span className={styles.flaky}>↻ {flaky}</span>}
            {signatures === undefined || signatures.runs === 0 ? null : <span>last {countWords(signatures.runs, "run")}</span>}
          </>
        }
        title="Kinds of failures"
      >
        <Loaded
          of="the kinds of failures"
          query={query}
          skeleton={
            <div aria-label="Loading the kinds of failures" className={styles.skeleton} role="status">
              <Skeleton width="80%" />
            </div>
          }
        >
          {(body) => <Kinds signatures={body} />}
        </Loaded>
      </Section>
    </div>
  );
};
