import { useQuery } from "@tanstack/react-query";

import { taskQuery } from "src/api/dag";
import type { TaskDetail } from "src/api/types";
import { Headline, HeadlineSkeleton } from "src/components/Headline";
import { KindsOfFailures } from "src/components/KindsOfFailures";
import { RunBarsSkeleton } from "src/components/RunBars";
import { runsShown } from "src/components/runsShown";
import { Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { StateMark } from "src/components/StateMark";
import { Loaded } from "src/components/States";
import { Tab } from "src/components/Tab";
import { useSearchState } from "src/host/searchState";
import { TaskOutcome } from "src/pages/task/TaskOutcome";
import { TaskRuns } from "src/pages/task/TaskRuns";
import { TaskTrouble } from "src/pages/task/TaskTrouble";

const DEFAULT_RUNS = 25;

const TaskSkeleton = () => (
  <Tab
    head={
      <>
        <HeadlineSkeleton />
        <div style={{ height: 28 }}>
          <Skeleton width="70%" />
        </div>
      </>
    }
    isLoading
  >
    <Section title="Kinds of failures">
      <div style={{ height: 58 }}>
        <Skeleton width="80%" />
      </div>
    </Section>
    <Section title="Over the runs">
      <RunBarsSkeleton />
    </Section>
  </Tab>
);

type TaskViewProps = { readonly detail: TaskDetail; readonly runs: number };

const TaskView = ({ detail, runs }: TaskViewProps) => (
  <Tab
    head={
      <>
        <Headline mark={<StateMark shapeOnly state={detail.runs[0]?.state ?? null} />}>
          <TaskOutcome detail={detail} />
        </Headline>
        <TaskTrouble detail={detail} />
      </>
    }
  >
    <KindsOfFailures dagId={detail.dag_id} taskId={detail.task_id} />
    <TaskRuns detail={detail} runs={runs} />
  </Tab>
);

type TaskProps = { readonly dagId: string; readonly taskId: string };

/** The tab on a task's page: how it did over the runs. */
export default function Task({ dagId, taskId }: TaskProps) {
  const runs = runsShown(useSearchState().one("runs"), DEFAULT_RUNS, 100);
  const query = useQuery(taskQuery(dagId, taskId, runs));

  return (
    <Loaded of="this task" query={query} skeleton={<TaskSkeleton />}>
      {(detail) => <TaskView detail={detail} runs={runs} />}
    </Loaded>
  );
}
