import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { client, dated } from "src/api/client";
import { keys } from "src/api/keys";
import { polled } from "src/api/polling";

/** One Dag: the tab on its page. */
export const dagQuery = (dagId: string, runs = 40) =>
  queryOptions({
    ...polled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      dated(client.GET("/api/v1/dags/{dag_id}", { params: { path: { dag_id: dagId }, query: { runs } }, signal })),
    queryKey: keys.dagDetail(dagId, runs),
  });

/** One run and its task instances. */
export const runQuery = (dagId: string, runId: string) =>
  queryOptions({
    ...polled,
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}", {
          params: { path: { dag_id: dagId, run_id: runId } },
          signal,
        }),
      ),
    queryKey: keys.run(dagId, runId),
  });

/** One task over the newest runs. */
export const taskQuery = (dagId: string, taskId: string, runs = 25) =>
  queryOptions({
    ...polled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/tasks/{task_id}", {
          params: { path: { dag_id: dagId, task_id: taskId }, query: { runs } },
          signal,
        }),
      ),
    queryKey: keys.task(dagId, taskId, runs),
  });

/** The kinds of failures of a Dag over its newest runs, or of one of its tasks. */
export const signaturesQuery = (dagId: string, taskId?: string) =>
  queryOptions({
    ...polled,
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/signatures", {
          params: { path: { dag_id: dagId }, query: { task_id: taskId } },
          signal,
        }),
      ),
    queryKey: keys.signatures(dagId, taskId ?? null),
  });

/** One task instance, with the error of one try: the newest, or the one asked for. */
export const taskInstanceQuery = (
  dagId: string,
  runId: string,
  taskId: string,
  mapIndex: number,
  tryNumber?: number,
) =>
  queryOptions({
    ...polled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}", {
          params: {
            path: { dag_id: dagId, run_id: runId, task_id: taskId },
            query: { map_index: mapIndex, try_number: tryNumber },
          },
          signal,
        }),
      ),
    queryKey: keys.taskInstance(dagId, runId, taskId, mapIndex, tryNumber),
  });
