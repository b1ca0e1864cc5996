/** The token of a run's or task instance's state; a state that we do not know yet is grey. */
const TOKENS: Readonly<Record<string, string>> = {
  deferred: "--ws-deferred",
  failed: "--ws-failed",
  queued: "--ws-queued",
  removed: "--ws-removed",
  restarting: "--ws-restarting",
  running: "--ws-running",
  scheduled: "--ws-scheduled",
  skipped: "--ws-skipped",
  success: "--ws-success",
  up_for_reschedule: "--ws-up-for-reschedule",
  up_for_retry: "--ws-up-for-retry",
  upstream_failed: "--ws-upstream-failed",
};

/** The colour of a state, as a CSS value. Never the only sign of it. */
export const stateColour = (state: string | null): string => `var(${TOKENS[state ?? "none"] ?? "--ws-none"})`;

/** A state as words: "up for retry"; a task instance without one has not been scheduled. */
export const stateWords = (state: string | null): string =>
  state === null || state === "none" ? "not scheduled yet" : state.replaceAll("_", " ");

/** Whether a run or task instance in this state has still something before it. */
export const isUnfinished = (state: string | null): boolean =>
  state !== "success" && state !== "failed" && state !== "skipped" && state !== "upstream_failed" && state !== "removed";
