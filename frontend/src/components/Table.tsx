import type { ReactNode } from "react";

import styles from "src/components/Table.module.css";

export type Column = {
  /** `less` goes below 640 px, `minor` already below 820 px. */
  readonly drops?: "less" | "minor";
  readonly key: string;
  readonly label: ReactNode;
  readonly number?: boolean;
  /** Takes the room that the others leave. */
  readonly wide?: boolean;
};

/** The class of a cell of the column; the rows are written by the pages. */
export const cellClass = ({ drops, number, wide }: Column, more = ""): string =>
  [number === true ? styles.number : "", wide === true ? styles.wide : "", drops === undefined ? "" : styles[drops], more]
    .filter((name) => name !== "")
    .join(" ");

type TableProps = {
  /** One `tbody`, or several. */
  readonly children: ReactNode;
  readonly columns: ReadonlyArray<Column>;
  readonly label: string;
};

/** A dense table with a head. */
export const Table = ({ children, columns, label }: TableProps) => (
  <div className={styles.scroll}>
    <table aria-label={label} className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th className={cellClass(column)} key={column.key} scope="col">
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  </div>
);
