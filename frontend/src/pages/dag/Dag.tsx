import { useQuery } from "@tanstack/react-query";

import { DagActions } from "src/actions/DagActions";
import { dagQuery } from "src/api/dag";
import type { DagDetail } from "src/api/types";
import { HealthMark } from "src/components/HealthMark";
import { Headline, HeadlineSkeleton } from "src/components/Headline";
import { KindsOfFailures } from "src/components/KindsOfFailures";
import { RunBarsSkeleton } from "src/components/RunBars";
import { runsShown } from "src/components/runsShown";
import { Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { Loaded } from "src/components/States";
import { Tab } from "src/components/Tab";
import { useSearchState } from "src/host/searchState";
import { DagFacts } from "src/pages/dag/DagFacts";
import { DagHealth } from "src/pages/dag/DagHealth";
import { DagRuns } from "src/pages/dag/DagRuns";
import { DagTaskStreaks } from "src/pages/dag/DagTaskStreaks";
import { DagTrouble } from "src/pages/dag/DagTrouble";

const DEFAULT_RUNS = 40;

const DagSkeleton = () => (
  <Tab
    head={
      <>
        <HeadlineSkeleton actionsWidth={180} />
        <div style={{ height: 28 }}>
          <Skeleton width="70%" />
        </div>
      </>
    }
    isLoading
  >
    <Section title="Runs">
      <RunBarsSkeleton />
    </Section>
    <Section title="Failing tasks">
      <Skeleton height={24} width="100%" />
    </Section>
  </Tab>
);

type DagViewProps = { readonly detail: DagDetail; readonly runs: number };

const DagView = ({ detail, runs }: DagViewProps) => (
  <Tab
    head={
      <>
        <Headline
          actions={<DagActions dagId={detail.dag.dag_id} paused={detail.dag.paused} />}
          mark={<HealthMark health={detail.dag.health} warnings={detail.dag.warnings} />}
        >
          <DagHealth detail={detail} />
        </Headline>
        <DagTrouble detail={detail} />
      </>
    }
  >
    <DagRuns detail={detail} runs={runs} />
    <DagTaskStreaks detail={detail} />
    {detail.runs_allowed && detail.tasks_allowed ? <KindsOfFailures dagId={detail.dag.dag_id} /> : null}
    <DagFacts detail={detail} />
  </Tab>
);

type DagProps = { readonly dagId: string };

/** The tab on a Dag's page: how it is, its runs, and which tasks fail. */
export default function Dag({ dagId }: DagProps) {
  const runs = runsShown(useSearchState().one("runs"), DEFAULT_RUNS, 200);
  const query = useQuery(dagQuery(dagId, runs));

  return (
    <Loaded of="this Dag" query={query} skeleton={<DagSkeleton />}>
      {(detail) => <DagView detail={detail} runs={runs} />}
    </Loaded>
  );
}
