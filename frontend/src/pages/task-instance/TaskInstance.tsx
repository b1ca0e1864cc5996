import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { taskInstanceQuery } from "src/api/dag";
import type { TaskInstanceDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Headline, HeadlineSkeleton } from "src/components/Headline";
import { Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { StateMark } from "src/components/StateMark";
import { Loaded } from "src/components/States";
import { Tab } from "src/components/Tab";
import { links } from "src/host/links";
import { useSearchState } from "src/host/searchState";
import { ErrorReport } from "src/pages/task-instance/ErrorReport";
import { InstanceFacts } from "src/pages/task-instance/InstanceFacts";
import { MappedInstances } from "src/pages/task-instance/MappedInstances";
import { Outcome } from "src/pages/task-instance/Outcome";
import { RunsIn } from "src/pages/task-instance/RunsIn";
import styles from "src/pages/task-instance/TaskInstance.module.css";
import { TryChoice } from "src/pages/task-instance/TryChoice";
import { Tries } from "src/pages/task-instance/Tries";
import { WhatChanged } from "src/pages/task-instance/WhatChanged";

// Most of this page's code, and below what one came for: not waited for.
const Log = lazy(() => import("src/pages/task-instance/log/Log"));

const LogPlace = () => (
  <Section title="Log">
    <Skeleton height={320} width="100%" />
  </Section>
);

const TaskInstanceSkeleton = () => (
  <Tab
    head={
      <>
        <HeadlineSkeleton actionsWidth={90} />
        <div style={{ height: 28 }}>
          <Skeleton height={20} width={240} />
        </div>
      </>
    }
    isLoading
  >
    <Skeleton height={72} width="100%" />
    <Section title="Traceback">
      <Skeleton height={160} width="100%" />
    </Section>
  </Tab>
);

/** The try that the address asks for: as in Airflow's own pages. */
const tryOf = (text: string | undefined): number | undefined => {
  const number = Number(text);

  return text !== undefined && Number.isInteger(number) && number >= 1 ? number : undefined;
};

type TaskInstanceViewProps = { readonly detail: TaskInstanceDetail };

const TaskInstanceView = ({ detail }: TaskInstanceViewProps) => {
  const { dag_id: dagId, map_index: mapIndex, run, shown_try: shown, task_id: taskId } = detail;
  const of = { dagId, mapIndex, runId: run.run_id, taskId };

  return (
    <Tab
      head={
        <>
          <Headline
            actions={
              shown < 1 ? undefined : (
                <AirflowLink className={styles.log} to={links.log(dagId, run.run_id, taskId, mapIndex, shown)}>
                  Log of try {shown}
                </AirflowLink>
              )
            }
            mark={<StateMark shapeOnly state={detail.state} />}
          >
            <Outcome detail={detail} />
          </Headline>
          <TryChoice detail={detail} />
        </>
      }
    >
      <ErrorReport detail={detail} />
      <Tries detail={detail} />
      <WhatChanged of={of} />
      <RunsIn of={of} />
      {shown < 1 ? null : (
        <Suspense fallback={<LogPlace />}>
          <Log detail={detail} />
        </Suspense>
      )}
      {detail.mapped === null ? null : <MappedInstances detail={detail} mapped={detail.mapped} />}
      <InstanceFacts detail={detail} />
    </Tab>
  );
};

type TaskInstanceProps = {
  readonly dagId: string;
  readonly mapIndex: number;
  readonly runId: string;
  readonly taskId: string;
};

/** The tab on a task instance's page, Diagnose: what happened in it. */
export default function TaskInstance({ dagId, mapIndex, runId, taskId }: TaskInstanceProps) {
  const tryNumber = tryOf(useSearchState().one("try_number"));
  const query = useQuery(taskInstanceQuery(dagId, runId, taskId, mapIndex, tryNumber));

  return (
    <Loaded of="this task instance" query={query} skeleton={<TaskInstanceSkeleton />}>
      {(detail) => <TaskInstanceView detail={detail} />}
    </Loaded>
  );
}
