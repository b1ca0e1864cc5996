import type { RunDetail } from "src/api/types";
import { Clock, Duration, RunningFor } from "src/components/Times";
import { stateWords } from "src/components/states";
import { countWords, runTypeWords } from "src/components/words";

type RunOutcomeProps = { readonly detail: RunDetail };

/** "Failed after 6 m 12 s": the end of the sentence depends on how far the run is. */
const Outcome = ({ detail: { run } }: RunOutcomeProps) => {
  switch (run.state) {
    case "failed":
    case "success":
      return (
        <span>
          <b>{run.state === "failed" ? "Failed" : "Succeeded"}</b>
          {run.duration_s === null ? null : (
            <>
              {" "}
              after{" "}
              <b>
                <Duration s={run.duration_s} />
              </b>
            </>
          )}
        </span>
      );
    case "queued":
      return (
        <span>
          <b>Queued</b>
          {run.queued_at === null ? null : (
            <>
              {" "}
              for <RunningFor since={run.queued_at} />
            </>
          )}
        </span>
      );
    case "running":
      return (
        <span>
          <b>Running</b>
          {run.start_date === null ? null : (
            <>
              {" "}
              for <RunningFor since={run.start_date} />
            </>
          )}
        </span>
      );
    default:
      return <b>{stateWords(run.state)}</b>;
  }
};

/** What became of the run, in one sentence. */
export const RunOutcome = ({ detail }: RunOutcomeProps) => {
  const { marked_by: by, marked_by_person: marked, run } = detail;

  return (
    <>
      <Outcome detail={detail} />
      {marked ? <span>state set by {by ?? "a person"}, not by its tasks</span> : null}
      {run.start_date === null ? (
        <span>
          due <Clock at={run.run_after} />
        </span>
      ) : (
        <span>
          started <Clock at={run.start_date} />
        </span>
      )}
      {run.queued_s === null || run.queued_s < 1 ? null : (
        <span>
          waited <Duration s={run.queued_s} />
        </span>
      )}
      <span>
        {runTypeWords(run.run_type)}
        {run.backfill ? " (does not count)" : ""}
      </span>
      {run.clear_number === 0 ? null : <span>cleared {countWords(run.clear_number, "time")}</span>}
      {run.partition_key === null ? null : <span>partition {run.partition_key}</span>}
    </>
  );
};
