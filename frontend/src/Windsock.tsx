import "src/tokens.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { ActionsProvider } from "src/actions/ActionsProvider";
import { queryClient } from "src/api/queryClient";
import { ErrorBoundary } from "src/components/ErrorBoundary";
import { PageSkeleton } from "src/components/Skeleton";
import { Message } from "src/components/Message";
import { type Destination, type HostProps, useDestination } from "src/host/destination";
import styles from "src/Windsock.module.css";

const Nav = lazy(() => import("src/pages/nav/Nav"));
const Home = lazy(() => import("src/pages/home/Home"));
const Dag = lazy(() => import("src/pages/dag/Dag"));
const Run = lazy(() => import("src/pages/run/Run"));
const Task = lazy(() => import("src/pages/task/Task"));
const TaskInstance = lazy(() => import("src/pages/task-instance/TaskInstance"));

type PageProps = { readonly destination: Destination };

const Page = ({ destination }: PageProps) => {
  switch (destination.name) {
    case "dag":
      return <Dag dagId={destination.dagId} />;
    case "home":
      return <Home />;
    case "nav":
      return <Nav />;
    case "run":
      return <Run dagId={destination.dagId} runId={destination.runId} />;
    case "task":
      return <Task dagId={destination.dagId} taskId={destination.taskId} />;
    case "taskGroup":
      return <Message title="This is a group of tasks.">Open one of its tasks to see how it did over the runs.</Message>;
    case "taskInstance":
      return (
        <TaskInstance
          dagId={destination.dagId}
          mapIndex={destination.mapIndex}
          runId={destination.runId}
          taskId={destination.taskId}
        />
      );
  }
};

/** What a fault must not outlive: another page, another Dag. */
const placeOf = (destination: Destination): string => JSON.stringify(destination);

const classOf = ({ name }: Destination): string =>
  name === "home" ? (styles.widget ?? "") : `${styles.page} ${name === "nav" ? styles.nav : ""}`;

/** The one component of the bundle: finds out where in Airflow it is, and shows the page for that. */
export const Windsock = (props: HostProps) => {
  const destination = useDestination(props);
  const isHome = destination.name === "home";

  return (
    <div className={`windsock ${classOf(destination)}`} data-testid="windsock">
      <ErrorBoundary key={placeOf(destination)}>
        <QueryClientProvider client={queryClient}>
          <ActionsProvider>
            <Suspense fallback={<PageSkeleton kind={isHome ? "line" : "page"} />}>
              <Page destination={destination} />
            </Suspense>
          </ActionsProvider>
        </QueryClientProvider>
      </ErrorBoundary>
    </div>
  );
};
