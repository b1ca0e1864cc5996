import { URL_ROUTES } from "src/host/names";

const id = encodeURIComponent;

/**
 * Addresses of Airflow's pages, for links through the host's router (which adds the deployment's prefix).
 * All absolute, every id encoded: a run id holds `+` and `:`.
 */
export const links = {
  dag: (dagId: string): string => `/dags/${id(dagId)}`,
  /** Airflow's code tab, at one version of the Dag. */
  code: (dagId: string, version: number): string => `/dags/${id(dagId)}/code?version_number=${version}`,
  dags: (): string => "/dags",
  nav: (search = ""): string => `/plugin/${URL_ROUTES.nav}${search}`,
  run: (dagId: string, runId: string): string => `/dags/${id(dagId)}/runs/${id(runId)}`,
  task: (dagId: string, taskId: string): string => `/dags/${id(dagId)}/tasks/${id(taskId)}`,
  /** Opens on the log, in Airflow's own reader. */
  taskInstance: (dagId: string, runId: string, taskId: string, mapIndex = -1): string =>
    `/dags/${id(dagId)}/runs/${id(runId)}/tasks/${id(taskId)}${mapIndex < 0 ? "" : `/mapped/${mapIndex}`}`,
  log: (dagId: string, runId: string, taskId: string, mapIndex: number, tryNumber: number): string =>
    `${links.taskInstance(dagId, runId, taskId, mapIndex)}?try_number=${tryNumber}`,
  /** Our own tabs on Airflow's pages. */
  tab: {
    dag: (dagId: string): string => `${links.dag(dagId)}/plugin/${URL_ROUTES.dag}`,
    run: (dagId: string, runId: string): string => `${links.run(dagId, runId)}/plugin/${URL_ROUTES.run}`,
    task: (dagId: string, taskId: string): string => `${links.task(dagId, taskId)}/plugin/${URL_ROUTES.task}`,
    taskInstance: (dagId: string, runId: string, taskId: string, mapIndex = -1): string =>
      `${links.taskInstance(dagId, runId, taskId, mapIndex)}/plugin/${URL_ROUTES.taskInstance}`,
  },
} as const;
