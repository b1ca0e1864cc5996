import type { RunRef } from "src/api/types";
import { stateWords } from "src/components/states";

/** "1 run", "3 runs"; at the bound of what was looked at: "200+ runs". */
export const countWords = (count: number, one: string, atBound = false): string =>
  `${count}${atBound ? "+" : ""} ${one}${count === 1 && !atBound ? "" : "s"}`;

/** "a, b and 3 more". */
export const listWords = (names: ReadonlyArray<string>, atMost = 4): string =>
  names.length <= atMost
    ? names.join(", ")
    : `${names.slice(0, atMost).join(", ")} and ${names.length - atMost} more`;

const RUN_TYPES: Readonly<Record<string, string>> = {
  asset_materialization: "asset materialization",
  asset_triggered: "triggered by an asset",
  backfill: "backfill",
  manual: "triggered by hand",
  operator_triggered: "triggered by a task",
  scheduled: "scheduled",
};

/** How a run came to be; a type that we do not know as Airflow names it. */
export const runTypeWords = (runType: string): string => RUN_TYPES[runType] ?? runType.replaceAll("_", " ");

/** When a run was, for showing: it began, else it was due. */
export const momentOf = (run: Pick<RunRef, "run_after" | "start_date">): string => run.start_date ?? run.run_after;

/** "3 failed of 40": how many instances of a mapped task are in the state that is shown for all. */
export const instanceWords = (states: Readonly<Record<string, number>>, state: string | null): string => {
  const all = Object.values(states).reduce((sum, count) => sum + count, 0);

  return `${states[state ?? "none"] ?? all} ${stateWords(state)} of ${all}`;
};
