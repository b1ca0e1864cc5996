import type { RunLevelCause, Streak } from "src/api/types";

/** "3 runs", "1 run", "200+ runs". */
export const runsWords = ({ at_bound: atBound, length }: Pick<Streak, "at_bound" | "length">): string =>
  `${length}${atBound ? "+" : ""} ${length === 1 && !atBound ? "run" : "runs"}`;

const CAUSES: Readonly<Record<RunLevelCause["kind"], string>> = {
  deadlocked: "The run was deadlocked: its tasks could not be run",
  marked_by_person: "A person marked the run failed",
  timed_out: "The run timed out",
  unknown: "The run failed, and no task in it did",
};

/** Why a run failed in which no task failed. */
export const runLevelWords = ({ inferred, kind }: RunLevelCause): string => `${CAUSES[kind]}${inferred ? " (inferred)" : ""}`;
