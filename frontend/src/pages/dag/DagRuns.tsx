import type { DagDetail, RunItem } from "src/api/types";
import { type RunBar, RunBars } from "src/components/RunBars";
import { RunsChoice } from "src/components/RunsChoice";
import { Nothing, Section } from "src/components/Section";
import { Duration } from "src/components/Times";
import { countWords } from "src/components/words";
import { links } from "src/host/links";

const barOf = (dagId: string, run: RunItem): RunBar => ({
  backfill: run.backfill,
  durationS: run.duration_s,
  queuedS: run.queued_s,
  runAfter: run.run_after,
  runId: run.run_id,
  startDate: run.start_date,
  state: run.state,
  to: links.tab.run(dagId, run.run_id),
});

type DagRunsProps = { readonly detail: DagDetail; readonly runs: number };

/** The runs as bars, each a link to what happened in it. */
export const DagRuns = ({ detail: { dag, runs: items, runs_allowed: allowed }, runs }: DagRunsProps) => {
  const backfills = items.filter((run) => run.backfill).length;

  return (
    <Section
      aside={<RunsChoice byDefault={40} options={[25, 40, 100, 200]} runs={runs} />}
      title="Runs"
    >
      {items.length === 0 ? (
        <Nothing>
          {allowed ? "This Dag has not run yet." : "You are not allowed to see this Dag’s runs."}
        </Nothing>
      ) : (
        <RunBars
          bars={items.map((run) => barOf(dag.dag_id, run))}
          label={`Last ${countWords(items.length, "run")}, oldest first`}
          summary={
            <>
              Run time, with the wait before it hatched
              {dag.typical_duration_s === null ? null : (
                <>
                  {" "}
                  · typical <Duration s={dag.typical_duration_s} />
                </>
              )}
              {backfills === 0 ? null : ` · notched: ${countWords(backfills, "backfill")}, which does not count`}
            </>
          }
          typicalS={dag.typical_duration_s}
        />
      )}
    </Section>
  );
};
