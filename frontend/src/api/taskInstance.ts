import { queryOptions } from "@tanstack/react-query";

import { client, dated } from "src/api/client";
import { keys } from "src/api/keys";
import { polled } from "src/api/polling";

/** Which task instance; `mapIndex` is -1 when the task is not mapped. */
export type TaskInstanceRef = {
  readonly dagId: string;
  readonly mapIndex: number;
  readonly runId: string;
  readonly taskId: string;
};

/** The parts of an address that name a task instance. */
export const pathOf = ({ dagId, runId, taskId }: TaskInstanceRef) => ({ dag_id: dagId, run_id: runId, task_id: taskId });

/** What a task was given and how it is defined does not change while one looks, or hardly. */
const SETTLED_MS = 60_000;

/** Where else the failure of a try is seen. */
export const elsewhereQuery = (of: TaskInstanceRef, tryNumber: number) =>
  queryOptions({
    ...polled,
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/elsewhere", {
          params: { path: pathOf(of), query: { map_index: of.mapIndex, try_number: tryNumber } },
          signal,
        }),
      ),
    queryKey: keys.taskInstancePart(of, "elsewhere", tryNumber),
  });

/** What is different from the last success of the task. */
export const changesQuery = (of: TaskInstanceRef) =>
  queryOptions({
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/changes", {
          params: { path: pathOf(of), query: { map_index: of.mapIndex } },
          signal,
        }),
      ),
    queryKey: keys.taskInstancePart(of, "changes"),
    staleTime: SETTLED_MS,
  });

/** How the task is kept apart from Airflow's own packages. */
export const isolationQuery = (of: TaskInstanceRef) =>
  queryOptions({
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/isolation", {
          params: { path: pathOf(of), query: { map_index: of.mapIndex } },
          signal,
        }),
      ),
    queryKey: keys.taskInstancePart(of, "isolation"),
    staleTime: SETTLED_MS,
  });
