import { useQuery } from "@tanstack/react-query";

import { runQuery } from "src/api/dag";
import type { RunDetail } from "src/api/types";
import { Headline, HeadlineSkeleton } from "src/components/Headline";
import { Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { StateMark } from "src/components/StateMark";
import { Loaded } from "src/components/States";
import { Tab } from "src/components/Tab";
import { RunCauses } from "src/pages/run/RunCauses";
import { RunNeighbours } from "src/pages/run/RunNeighbours";
import { RunOutcome } from "src/pages/run/RunOutcome";
import { RunTasks } from "src/pages/run/RunTasks";

const RunSkeleton = () => (
  <Tab
    head={
      <>
        <HeadlineSkeleton actionsWidth={160} />
        <div style={{ height: 28 }}>
          <Skeleton width="70%" />
        </div>
      </>
    }
    isLoading
  >
    <Section title="Tasks">
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} style={{ height: 32 }}>
          <Skeleton height={20} width="100%" />
        </div>
      ))}
    </Section>
  </Tab>
);

type RunViewProps = { readonly detail: RunDetail };

const RunView = ({ detail }: RunViewProps) => (
  <Tab
    head={
      <>
        <Headline actions={<RunNeighbours detail={detail} />} mark={<StateMark shapeOnly state={detail.run.state} />}>
          <RunOutcome detail={detail} />
        </Headline>
        <RunCauses detail={detail} />
      </>
    }
  >
    <RunTasks detail={detail} />
  </Tab>
);

type RunProps = { readonly dagId: string; readonly runId: string };

/** The tab on a run's page: what happened, what caused it and what that took down. */
export default function Run({ dagId, runId }: RunProps) {
  const query = useQuery(runQuery(dagId, runId));

  return (
    <Loaded of="this run" query={query} skeleton={<RunSkeleton />}>
      {(detail) => <RunView detail={detail} />}
    </Loaded>
  );
}
