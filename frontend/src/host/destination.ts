import { useLocation } from "react-router-dom";

import { URL_ROUTES } from "src/host/names";

/** What Airflow passes to the component. Newer versions pass more: it is ignored. */
export type HostProps = {
  readonly dagId?: string;
  readonly mapIndex?: string;
  readonly runId?: string;
  readonly taskId?: string;
};

/** Which of Airflow's pages we are on. */
export type Destination =
  | { readonly dagId: string; readonly mapIndex: number; readonly name: "taskInstance"; readonly runId: string; readonly taskId: string }
  | { readonly dagId: string; readonly name: "dag" }
  | { readonly dagId: string; readonly name: "run"; readonly runId: string }
  | { readonly dagId: string; readonly name: "task"; readonly taskId: string }
  | { readonly name: "home" }
  | { readonly name: "nav" }
  | { readonly name: "taskGroup" };

const ROUTE = /\/plugin\/(?<route>[^/]+)\/?$/u;

const mapIndexOf = (text: string | undefined): number => {
  const number = Number(text ?? "-1");

  return Number.isInteger(number) ? number : -1;
};

/** Decides the destination. The ids say most of it; the path tells the nav page from the home page. */
export const destinationOf = (props: HostProps, pathname: string): Destination => {
  const route = ROUTE.exec(pathname)?.groups?.route;
  const { dagId, runId, taskId } = props;

  if (dagId === undefined) {
    return { name: route === URL_ROUTES.nav ? "nav" : "home" };
  }
  if (taskId !== undefined) {
    return runId === undefined
      ? { dagId, name: "task", taskId }
      : { dagId, mapIndex: mapIndexOf(props.mapIndex), name: "taskInstance", runId, taskId };
  }
  if (runId !== undefined) {
    return { dagId, name: "run", runId };
  }

  // The tabs of a task are on the page of a task group too, which passes the Dag's id alone.
  return route === URL_ROUTES.task ? { name: "taskGroup" } : { dagId, name: "dag" };
};

/** The destination of the page that we are on. */
export const useDestination = (props: HostProps): Destination => destinationOf(props, useLocation().pathname);
