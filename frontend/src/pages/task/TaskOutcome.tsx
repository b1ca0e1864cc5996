import type { TaskDetail } from "src/api/types";
import { countWords } from "src/components/words";

/** "Failed in its last 3 runs", "Unsuccessful in its last 3 runs: 2 failed, 1 waits for a retry". */
const streakWords = ({ failed, failed_at_bound: failedAtBound, unsuccessful, unsuccessful_at_bound: atBound }: TaskDetail["streak"]): string => {
  const waiting = unsuccessful - failed;

  if (waiting <= 0) {
    return `Failed in ${countWords(failed, "run", failedAtBound)} without a success since`;
  }

  return failed === 0
    ? `Waits for a retry in ${countWords(waiting, "run", atBound)}`
    : `Unsuccessful in ${countWords(unsuccessful, "run", atBound)} without a success since: ${failed} failed, ${waiting} up for retry`;
};

type TaskOutcomeProps = { readonly detail: TaskDetail };

/** The task's streak, in one sentence. */
export const TaskOutcome = ({ detail }: TaskOutcomeProps) => {
  const { finished_runs: finished, operator, runs, streak, success_runs: successes } = detail;

  return (
    <>
      {streak.unsuccessful > 0 ? (
        <b>{streakWords(streak)}</b>
      ) : (
        <b>{runs.length === 0 ? "Has not run yet" : finished === 0 ? "Not finished in any of these runs" : "No failure without a success since"}</b>
      )}
      {finished === 0 ? null : (
        <span>
          succeeded in {successes} of {countWords(finished, "finished run")}
        </span>
      )}
      {operator === null ? null : <span>{operator}</span>}
    </>
  );
};
