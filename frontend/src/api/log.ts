import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { client, type Dated, dated } from "src/api/client";
import { keys } from "src/api/keys";
import type { paths } from "src/api/schema";
import { pathOf, type TaskInstanceRef } from "src/api/taskInstance";
import type { LogSearch, LogWindow } from "src/api/types";
import { windsockUrl } from "src/host/base";

type LogParameters = NonNullable<paths["/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/log"]["get"]["parameters"]["query"]>;

export type Level = NonNullable<LogParameters["level"]>[number];

/** Which lines are wanted; empty lists: all. */
export type LogFilter = { readonly levels: ReadonlyArray<Level>; readonly loggers: ReadonlyArray<string> };

/** Which try's log. */
export type LogRef = TaskInstanceRef & { readonly tryNumber: number };

/** Which stretch: from an offset on, up to one, around one, or with none of them the end. */
export type LogPlace = { readonly around?: number; readonly before?: number; readonly offset?: number };

const filterOf = ({ levels, loggers }: LogFilter) => ({ level: [...levels], logger: [...loggers] });

/** One stretch of a log. Not kept by the query cache: the reader keeps what it shows, and no more. */
export const readLog = async (of: LogRef, filter: LogFilter, place: LogPlace, signal: AbortSignal): Promise<LogWindow> => {
  const { body } = await dated(
    client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/log", {
      params: { path: pathOf(of), query: { map_index: of.mapIndex, try_number: of.tryNumber, ...filterOf(filter), ...place } },
      signal,
    }),
  );

  return body;
};

const SOON_MS = 1000;

/** Where in the log the error stands; asked again while it is being looked for. */
export const logErrorQuery = (of: LogRef) =>
  queryOptions({
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/log/error", {
          params: { path: pathOf(of), query: { map_index: of.mapIndex, try_number: of.tryNumber } },
          signal,
        }),
      ),
    queryKey: keys.taskInstancePart(of, "log-error", of.tryNumber),
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      // Less and less often: a log that takes a minute need not be asked about sixty times.
      data?.body.state === "pending" ? Math.min((data.body.ask_again_s ?? 1) * SOON_MS * 1.3 ** dataUpdateCount, 10 * SOON_MS) : false,
    staleTime: 30 * SOON_MS,
  });

/** Where a search begins when no offset is given. */
const FROM_END = -1;

export type LogSearchFor = { readonly q: string; readonly regex: boolean };

/** Lines that match, the last of the log first, as many as were asked for. */
export const logSearchQuery = (of: LogRef, filter: LogFilter, { q, regex }: LogSearchFor) =>
  infiniteQueryOptions({
    queryFn: ({ pageParam, signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/log/search", {
          params: {
            path: pathOf(of),
            query: {
              backward: true,
              map_index: of.mapIndex,
              q,
              regex,
              try_number: of.tryNumber,
              ...filterOf(filter),
              ...(pageParam === FROM_END ? {} : { offset: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ body }: Dated<LogSearch>) => (body.finished ? null : body.next_offset),
    initialPageParam: FROM_END,
    queryKey: keys.taskInstancePart(of, "log-search", of.tryNumber, filter, q, regex),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });

/** How the ends of the logs of two tries differ. */
export const logCompareQuery = (of: LogRef, withTry: number) =>
  queryOptions({
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/log/compare", {
          params: { path: pathOf(of), query: { map_index: of.mapIndex, try_number: of.tryNumber, with_try: withTry } },
          signal,
        }),
      ),
    queryKey: keys.taskInstancePart(of, "log-compare", of.tryNumber, withTry),
    staleTime: 30 * SOON_MS,
  });

/** The address of the whole log as a file. */
export const rawLogUrl = ({ dagId, mapIndex, runId, taskId, tryNumber }: LogRef): string => {
  const [dag, run, task] = [dagId, runId, taskId].map((id) => encodeURIComponent(id));

  return `${windsockUrl()}/api/v1/dags/${dag}/runs/${run}/tasks/${task}/log/raw?map_index=${mapIndex}&try_number=${tryNumber}`;
};
