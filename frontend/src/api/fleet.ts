import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { client, dated } from "src/api/client";
import { keys } from "src/api/keys";
import { polled } from "src/api/polling";
import type { paths } from "src/api/schema";

/** How many rows an answer of the Dags table holds; the table asks for the pages that it shows. */
export const DAGS_PER_PAGE = 100;
export const INCIDENTS_PER_PAGE = 50;

type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? Omit<NonNullable<Query>, "limit" | "offset">
  : never;

export type IncidentFilter = QueryOf<"/api/v1/incidents">;
export type DagFilter = QueryOf<"/api/v1/dags">;

/** The widget on Airflow's home page. */
export const homeQuery = () =>
  queryOptions({
    ...polled,
    queryFn: ({ signal }) => dated(client.GET("/api/v1/home", { signal })),
    queryKey: keys.home(),
  });

/** One page of the incidents, worst first. */
export const incidentsQuery = (filter: IncidentFilter, page = 0) =>
  queryOptions({
    ...polled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/incidents", {
          params: { query: { ...filter, limit: INCIDENTS_PER_PAGE, offset: page * INCIDENTS_PER_PAGE } },
          signal,
        }),
      ),
    queryKey: [...keys.incidents(filter), page],
  });

/** One page of the Dags table. */
export const dagsQuery = (filter: DagFilter, page: number) =>
  queryOptions({
    ...polled,
    queryFn: ({ signal }) =>
      dated(
        client.GET("/api/v1/dags", {
          params: { query: { ...filter, limit: DAGS_PER_PAGE, offset: page * DAGS_PER_PAGE } },
          signal,
        }),
      ),
    queryKey: [...keys.dags(filter), page],
  });

/** Owners and tags to filter by. */
export const facetsQuery = () =>
  queryOptions({
    queryFn: ({ signal }) => dated(client.GET("/api/v1/facets", { signal })),
    queryKey: keys.facets(),
    staleTime: 60_000,
  });

/** Who asks, and the versions. */
export const sessionQuery = () =>
  queryOptions({
    queryFn: ({ signal }) => dated(client.GET("/api/v1/session", { signal })),
    queryKey: keys.session(),
    staleTime: Infinity,
  });
