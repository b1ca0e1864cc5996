import type { TaskInstanceDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { stateWords } from "src/components/states";
import { Clock, Duration, RunningFor } from "src/components/Times";
import { momentOf } from "src/components/words";
import { links } from "src/host/links";

/** "Failed", "Succeeded", "Up for retry". */
const outcomeWords = (state: string | null): string => {
  const words = state === "success" ? "succeeded" : stateWords(state);

  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
};

type OutcomeProps = { readonly detail: TaskInstanceDetail };

/** The state of the task instance, in one sentence. */
export const Outcome = ({ detail }: OutcomeProps) => {
  const { dag_id: dagId, map_index: mapIndex, marked_by: by, marked_by_person: marked, max_tries: retries, run, state, tries } = detail;
  const newest = tries.at(-1);
  const allowed = retries + 1;

  return (
    <>
      <span>
        <b>{outcomeWords(state)}</b>
        {state === "running" && newest !== undefined && newest.start_date !== null ? (
          <>
            {" "}
            for <RunningFor since={newest.start_date} />
          </>
        ) : newest === undefined || newest.duration_s === null ? null : (
          <>
            {" "}
            after{" "}
            <b>
              <Duration s={newest.duration_s} />
            </b>
          </>
        )}
        {detail.try_number < 1 ? "" : ` on try ${detail.try_number}`}
        {detail.try_number < 1 || detail.try_number > allowed ? "" : ` of ${allowed}`}
      </span>
      {marked ? <span>state set by {by ?? "a person"}</span> : null}
      {mapIndex < 0 ? null : (
        <span>
          instance {mapIndex}
          {detail.rendered_map_index === null ? "" : ` (${detail.rendered_map_index})`}
        </span>
      )}
      <span>
        in the run of{" "}
        <AirflowLink title={run.run_id} to={links.tab.run(dagId, run.run_id)}>
          <Clock at={momentOf(run)} />
        </AirflowLink>
      </span>
    </>
  );
};
