import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { isForbidden, wordsOf } from "src/api/errors";
import { changesQuery, type TaskInstanceRef } from "src/api/taskInstance";
import type { Change, Changes } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Nothing, Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { Clock, Duration } from "src/components/Times";
import { countWords, momentOf, runTypeWords } from "src/components/words";
import { links } from "src/host/links";
import styles from "src/pages/task-instance/WhatChanged.module.css";

const KINDS: Readonly<Record<Change["kind"], string>> = {
  conf: "run conf",
  executor: "executor",
  field: "field",
  host: "host",
  operator: "operator",
  param: "param",
  pool: "pool",
  queue: "queue",
  retry_reason: "retry reason",
  run_type: "run type",
  triggered_by: "triggered by",
  upstream: "upstream",
  version: "Dag version",
};

/** Kinds of which there is one each: the name of the thing says no more than the kind. */
const SINGLE = new Set<Change["kind"]>([
  "executor",
  "host",
  "operator",
  "pool",
  "queue",
  "retry_reason",
  "run_type",
  "triggered_by",
  "version",
]);

type SideProps = { readonly of: Change; readonly s: number | null; readonly value: string | null };

const Side = ({ of: { kind }, s, value }: SideProps): ReactNode => {
  if (s !== null) {
    return <Duration s={s} />;
  }
  if (value === null) {
    return <span className={styles.nothing}>not there</span>;
  }

  return kind === "run_type" ? runTypeWords(value) : value;
};

type ChangeRowProps = { readonly answer: Changes; readonly change: Change };

const ChangeRow = ({ answer: { dag_id: dagId, version_after: now, version_before: then }, change }: ChangeRowProps) => {
  const versions = change.kind === "version" && then !== null && now !== null;

  return (
    <tr>
      <th className={styles.what} scope="row">
        <span className={styles.kind}>{KINDS[change.kind]}</span>
        {SINGLE.has(change.kind) ? "" : ` ${change.what}`}
      </th>
      <td className={styles.value}>
        {versions ? (
          <AirflowLink to={links.code(dagId, then.number)}>{then.number}</AirflowLink>
        ) : (
          <Side of={change} s={change.before_s} value={change.before} />
        )}
      </td>
      <td aria-label="became" className={styles.arrow}>
        →
      </td>
      <td className={styles.value}>
        {versions ? (
          <>
            <AirflowLink to={links.code(dagId, now.number)}>{now.number}</AirflowLink>
            <span className={styles.nothing}>
              {" "}
              since <Clock at={now.created_at} /> ·{" "}
            </span>
            <AirflowLink className={styles.code} to={links.code(dagId, now.number)}>
              Code
            </AirflowLink>
          </>
        ) : (
          <Side of={change} s={change.after_s} value={change.after} />
        )}
      </td>
    </tr>
  );
};

/** What was not compared, and why. */
const notesOf = ({ fields_note: fields, params_state: params }: Changes): ReadonlyArray<string> => [
  ...(fields === null ? [] : [fields]),
  ...(params === "dropped" ? ["Airflow no longer has one of the two Dag versions, so defaults of params were not compared"] : []),
  ...(params === "forbidden" ? ["You are not allowed to read how tasks are defined, so defaults of params were not compared"] : []),
];

type AnswerProps = { readonly answer: Changes };

const Answer = ({ answer }: AnswerProps) => {
  const { changes, last_success: success, left_out: more, searched_runs: searched } = answer;
  const notes = notesOf(answer);

  if (success === null) {
    return (
      <Nothing>
        {searched === 0
          ? "There is no earlier run to compare with."
          : `It succeeded in none of the ${countWords(searched, "run")} before this one: there is nothing to compare with.`}
      </Nothing>
    );
  }

  return (
    <>
      {changes.length === 0 ? (
        <Nothing>
          {notes.length === 0 ? "Nothing that Airflow keeps has changed." : "Nothing of what could be compared has changed."}
        </Nothing>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.changes}>
            <tbody>
              {changes.map((change) => (
                <ChangeRow answer={answer} change={change} key={`${change.kind} ${change.what}`} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more > 0 ? <p className={styles.note}>and {countWords(more, "more change")}</p> : null}
      {notes.map((note) => (
        <p className={styles.note} key={note}>
          {note}.
        </p>
      ))}
    </>
  );
};

type WhatChangedProps = { readonly of: TaskInstanceRef };

/** What is different from the last success of this task: Dag version, fields, conf, host, pool, queue and so on. */
export const WhatChanged = ({ of }: WhatChangedProps) => {
  const { data, error } = useQuery(changesQuery(of));
  const answer = data?.body;
  const success = answer?.last_success ?? null;

  return (
    <Section
      aside={
        success === null ? undefined : (
          <AirflowLink title={success.run_id} to={links.tab.taskInstance(of.dagId, success.run_id, of.taskId, answer?.map_index ?? -1)}>
            succeeded in the run of <Clock at={momentOf(success)} />
          </AirflowLink>
        )
      }
      title="Since its last success"
    >
      {answer !== undefined ? (
        <Answer answer={answer} />
      ) : error !== null ? (
        <Nothing>
          {isForbidden(error) ? "You are not allowed to see what it was given. " : "Could not find out what changed. "}
          {wordsOf(error).title}.
        </Nothing>
      ) : (
        <div aria-label="Looking for what changed" className={styles.loading} role="status">
          <Skeleton height={16} width="60%" />
          <Skeleton height={16} width="45%" />
        </div>
      )}
    </Section>
  );
};
