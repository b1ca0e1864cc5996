import type { SortKey } from "src/pages/nav/viewState";

export type Column = {
  /** Numbers stand right. */
  readonly end?: boolean;
  readonly id: "actions" | "dag" | "health" | "last" | "next" | "okRate" | "owner" | "runs" | "schedule" | "since" | "streak";
  readonly label: string;
  /** Shown when the header is pointed at. */
  readonly meaning: string;
  readonly sortKey?: SortKey;
  /** Sorting opens with the greatest first, where that is the worst. */
  readonly greatestFirst?: boolean;
};

/** The columns of the Dags table, in their order; their widths, and which go first when it is narrow, are in the style sheet. */
export const COLUMNS: ReadonlyArray<Column> = [
  { id: "health", label: "Health", meaning: "Worst first: failing, warning, ok, no finished run", sortKey: "health" },
  { id: "dag", label: "Dag", meaning: "The Dag, and its tags", sortKey: "dag_id" },
  {
    id: "runs",
    label: "Last 25 runs",
    meaning: "Oldest to newest. Height: duration against what is typical for the Dag; a tick below: failed; hollow: unfinished; a notch: backfill",
  },
  {
    end: true,
    greatestFirst: true,
    id: "streak",
    label: "Streak",
    meaning: "How many of the newest runs failed without a success between them; backfills do not count",
    sortKey: "streak",
  },
  { end: true, greatestFirst: true, id: "since", label: "Failing", meaning: "Since when the Dag is failing", sortKey: "failing_since" },
  { end: true, id: "okRate", label: "Ok", meaning: "Successes among the last 25 runs that count", sortKey: "success_rate" },
  {
    end: true,
    greatestFirst: true,
    id: "last",
    label: "Last run",
    meaning: "How long the newest finished run took, and how long is typical; ▲ when it took half as long again",
    sortKey: "last_duration",
  },
  { id: "schedule", label: "Schedule", meaning: "When Airflow makes runs", sortKey: "schedule" },
  { end: true, id: "next", label: "Next", meaning: "When the next run is made, or how long one is running", sortKey: "next_run" },
  { id: "owner", label: "Owner", meaning: "Who owns the Dag", sortKey: "owner" },
  { id: "actions", label: "", meaning: "" },
];
