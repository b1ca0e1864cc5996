import { useQuery } from "@tanstack/react-query";

import { logCompareQuery, type LogRef } from "src/api/log";
import type { CompareRow, LogComparison } from "src/api/types";
import { Message } from "src/components/Message";
import { Skeleton } from "src/components/Skeleton";
import { Loaded } from "src/components/States";
import { countWords } from "src/components/words";
import { visible } from "src/pages/task-instance/log/ansi";
import styles from "src/pages/task-instance/log/Log.module.css";

type Text = NonNullable<CompareRow["left"]>;
type Pair = { readonly hidden: number; readonly left: Text | null; readonly right: Text | null; readonly same: boolean };

/** Puts what stands only on the left beside what stands only on the right, where they follow each other. */
const pairsOf = (rows: ReadonlyArray<CompareRow>): ReadonlyArray<Pair> => {
  const pairs: Array<Pair> = [];
  let left: Array<Text> = [];
  let right: Array<Text> = [];
  const flush = () => {
    for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
      pairs.push({ hidden: 0, left: left[at] ?? null, right: right[at] ?? null, same: false });
    }
    left = [];
    right = [];
  };

  for (const row of rows) {
    if (row.kind === "left" && row.left !== null) {
      left.push(row.left);
    } else if (row.kind === "right" && row.right !== null) {
      right.push(row.right);
    } else {
      flush();
      pairs.push({ hidden: row.hidden_lines, left: row.left, right: row.right ?? row.left, same: row.kind === "same" });
    }
  }
  flush();

  return pairs;
};

type CellProps = { readonly only: boolean; readonly text: Text | null };

const Cell = ({ only, text }: CellProps) => (
  <div className={`${styles.cell} ${only && text !== null ? styles.only : ""}`} role="cell">
    {text === null ? null : (
      <>
        {only ? <span className={styles.sign}>≠ </span> : null}
        {visible(text.text)}
        {text.shortened ? " …" : ""}
      </>
    )}
  </div>
);

type ComparedProps = { readonly comparison: LogComparison };

const Compared = ({ comparison: { differences, exact, left, right, rows, rows_left_out: more } }: ComparedProps) => {
  const unread = [left, right].filter(({ log_state: state }) => state !== "found" && state !== "cut");

  if (unread.length > 0) {
    return (
      <Message title="The two logs cannot be compared.">
        {unread.map(({ reason, try_number: number }) => (
          <p key={number}>
            Try {number}: {reason ?? "its log cannot be read"}
          </p>
        ))}
      </Message>
    );
  }

  return (
    <>
      <p className={styles.banner} role="status">
        {differences === 0 ? "No difference" : countWords(differences, "line")} {differences === 0 ? "" : "in one of the two only "}
        · times, ids and addresses are not compared
        {left.start_offset > 0 || right.start_offset > 0 ? " · only the ends of the logs are compared" : ""}
        {exact ? "" : " · time was up: some equal lines may stand on both sides"}
        {more > 0 ? ` · ${countWords(more, "more row")} did not fit` : ""}
      </p>
      <div aria-label={`Try ${left.try_number} and try ${right.try_number}`} className={styles.compare} role="table" tabIndex={0}>
        <div className={`${styles.pair} ${styles.compareHead}`} role="row">
          <div role="columnheader">Try {left.try_number}</div>
          <div role="columnheader">Try {right.try_number}</div>
        </div>
        {pairsOf(rows).map(({ hidden, left: one, right: other, same }, index) =>
          hidden > 0 ? (
            <div className={styles.hiddenRow} key={index} role="row">
              <div role="cell">{countWords(hidden, "equal line")}</div>
            </div>
          ) : (
            <div className={styles.pair} key={index} role="row">
              <Cell only={!same} text={one} />
              <Cell only={!same} text={other} />
            </div>
          ),
        )}
      </div>
    </>
  );
};

type LogCompareProps = { readonly of: LogRef; readonly withTry: number };

/** The ends of the logs of two tries side by side. */
export const LogCompare = ({ of, withTry }: LogCompareProps) => (
  <Loaded of="the comparison" query={useQuery(logCompareQuery(of, withTry))} skeleton={<Skeleton height={320} width="100%" />}>
    {(comparison) => <Compared comparison={comparison} />}
  </Loaded>
);
