import { useQuery } from "@tanstack/react-query";

import { isForbidden, wordsOf } from "src/api/errors";
import { isolationQuery, type TaskInstanceRef } from "src/api/taskInstance";
import type { Isolation } from "src/api/types";
import { Nothing, Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import styles from "src/pages/task-instance/RunsIn.module.css";

type Requirement = Isolation["requirements"][number];

const KINDS: Readonly<Record<Isolation["kind"], string>> = {
  docker: "a Docker container",
  external_python: "an external Python",
  kubernetes: "a Kubernetes pod",
  none: "Airflow’s own Python, without isolation",
  virtualenv: "a virtualenv",
};

const SHORT: Readonly<Record<Isolation["kind"], string>> = {
  docker: "Docker",
  external_python: "External Python",
  kubernetes: "Kubernetes pod",
  none: "None",
  virtualenv: "Virtualenv per run",
};

const PINNING: Readonly<Record<Requirement["pinning"], { readonly mark: string; readonly meaning: string }>> = {
  pinned: { mark: "✓", meaning: "Always the same version" },
  unknown: { mark: "?", meaning: "Cannot be told: a template or a path" },
  unpinned: { mark: "⚠", meaning: "What is installed can change from one run to the next" },
};

type RequirementItemProps = { readonly requirement: Requirement };

const RequirementItem = ({ requirement: { airflow_has: has, clash, pinning, text } }: RequirementItemProps) => {
  const { mark, meaning } = PINNING[pinning];

  return (
    <li className={clash || pinning === "unpinned" ? styles.doubtful : undefined} title={meaning}>
      <code>{text}</code> <span aria-hidden>{mark}</span> {pinning === "unknown" ? "pin unknown" : pinning}
      {clash && has !== null ? <span> · clashes with Airflow’s {has}</span> : null}
    </li>
  );
};

const WITHOUT_LIST: Readonly<Record<Exclude<Isolation["requirements_state"], "kept">, string>> = {
  elsewhere: "Its requirements stand in a file that Airflow does not keep.",
  none: "No requirements of its own.",
  not_kept: "Its packages are made outside Airflow, which does not know them.",
};

/** Python, image and cache: what is known of the place, in a line. */
const placeOf = ({ cache_path: cache, cached, image, namespace, python, python_version: version }: Isolation) =>
  [
    version === null ? null : `Python ${version}`,
    python,
    image === null ? null : `image ${image}`,
    namespace === null ? null : `namespace ${namespace}`,
    cached === null ? null : cached ? `kept between runs${cache === null ? "" : ` in ${cache}`}` : "made anew for each run",
  ].filter((part) => part !== null);

type AnswerProps = { readonly isolation: Isolation };

const Answer = ({ isolation }: AnswerProps) => {
  const { evidence, executor, guide, kind, notes, options, python_note: pythonNote, requirements, requirements_state: state } = isolation;
  const place = placeOf(isolation);

  return (
    <div className={styles.answer}>
      <p>
        <b>{KINDS[kind]}</b>
        {place.map((part) => (
          <span className={styles.part} key={part}>
            {part}
          </span>
        ))}
        <span className={`${styles.part} ${styles.muted}`} title="What made us say so">
          {evidence}
        </span>
        {executor === null ? null : <span className={`${styles.part} ${styles.muted}`}>{executor}</span>}
      </p>
      {pythonNote === null ? null : <p className={styles.muted}>{pythonNote}</p>}
      {requirements.length > 0 ? (
        <ul aria-label="Requirements" className={styles.requirements}>
          {requirements.map((requirement, index) => (
            <RequirementItem key={`${index} ${requirement.text}`} requirement={requirement} />
          ))}
        </ul>
      ) : kind === "none" || state === "kept" ? null : (
        <p className={styles.muted}>{WITHOUT_LIST[state]}</p>
      )}
      {options.length > 0 ? (
        <p className={styles.muted}>
          Installed with <code>{options.join(" ")}</code>
        </p>
      ) : null}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <details className={styles.guide}>
        <summary>Which isolation is right for what</summary>
        <dl>
          {guide.map((row) => (
            <div className={row.kind === kind ? styles.own : undefined} key={row.kind}>
              <dt>
                {SHORT[row.kind]}
                {row.kind === kind ? " (this task)" : ""}
              </dt>
              <dd>{row.right_when}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
};

/** In the title line: what deserves a look. */
const warningsOf = ({ clashes, definition_kept: kept, unpinned }: Isolation): string =>
  [
    unpinned > 0 ? `⚠ ${unpinned} unpinned` : null,
    clashes > 0 ? `⚠ ${clashes} ${clashes === 1 ? "clashes" : "clash"} with Airflow’s pins` : null,
    kept ? null : "Airflow has dropped the definition: only the operator is known",
  ]
    .filter((part) => part !== null)
    .join(" · ");

type RunsInProps = { readonly of: TaskInstanceRef };

/** How the task is kept apart from Airflow's packages: kind, Python, requirements, clashes. */
export const RunsIn = ({ of }: RunsInProps) => {
  const { data, error } = useQuery(isolationQuery(of));
  const isolation = data?.body;

  return (
    <Section aside={isolation === undefined ? undefined : warningsOf(isolation)} title="Runs in">
      {isolation !== undefined ? (
        <Answer isolation={isolation} />
      ) : error !== null ? (
        <Nothing>
          {isForbidden(error) ? "You are not allowed to see how this task is defined. " : "Could not find out how it is isolated. "}
          {wordsOf(error).title}.
        </Nothing>
      ) : (
        <div aria-label="Looking how it is isolated" className={styles.answer} role="status">
          <Skeleton height={16} width="50%" />
          <Skeleton height={16} width="30%" />
        </div>
      )}
    </Section>
  );
};
