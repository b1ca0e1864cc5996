import { useMemo } from "react";

import type { DagFilter, IncidentFilter } from "src/api/fleet";
import type { Health, IncidentKind } from "src/api/types";
import { useSearchState } from "src/host/searchState";

export type View = "dags" | "incidents";
export type Paused = "active" | "paused";

export const KINDS = {
  failing: "failing",
  import_error: "import error",
  paused_by_airflow: "paused by Airflow",
} as const satisfies Record<IncidentKind, string>;

export const HEALTHS = {
  failing: "failing",
  warning: "warning",
  ok: "ok",
  unknown: "no finished run",
} as const satisfies Partial<Record<Health, string>>;

export const PAUSED = { active: "not paused", paused: "paused" } as const satisfies Record<Paused, string>;

/** As the address says that incidents are not grouped. */
export const UNGROUPED = "none";

/** What the Dags table can be sorted by. */
export type SortKey =
  | "dag_id"
  | "failing_since"
  | "health"
  | "last_duration"
  | "next_run"
  | "owner"
  | "schedule"
  | "streak"
  | "success_rate";

const SORT_KEYS: ReadonlySet<string> = new Set<SortKey>([
  "dag_id",
  "failing_since",
  "health",
  "last_duration",
  "next_run",
  "owner",
  "schedule",
  "streak",
  "success_rate",
]);

export type Sort = { readonly descending: boolean; readonly key: SortKey };

const isSortKey = (text: string): text is SortKey => SORT_KEYS.has(text);

/** Worst first, which is how the table opens. */
const DEFAULT_SORT: Sort = { descending: false, key: "health" };

const readSort = (text: string | undefined): Sort => {
  const descending = text?.startsWith("-") === true;
  const key = descending ? text.slice(1) : (text ?? "");

  return isSortKey(key) ? { descending, key } : DEFAULT_SORT;
};

/** A sorting as the API and the address write it. */
export const sortText = ({ descending, key }: Sort): string => `${descending ? "-" : ""}${key}`;

const chosenOf = <Value extends string>(all: ReadonlyArray<string>, known: Readonly<Record<Value, string>>): ReadonlyArray<Value> => {
  const isKnown = (text: string): text is Value => Object.hasOwn(known, text);

  return all.filter(isKnown);
};

/** Takes every filter away, and leaves the view and the sorting. */
export const NO_FILTERS = { health: null, kind: null, owner: null, paused: null, q: null, tag: null } as const;

/** The state of the nav page, all of it in the address. What the address has wrong is left out. */
export const useViewState = () => {
  const search = useSearchState();

  return useMemo(() => {
    const view: View = search.one("view") === "dags" ? "dags" : "incidents";
    const owner = search.all("owner");
    const tag = search.all("tag");
    const q = search.one("q") ?? "";
    const kind = chosenOf(search.all("kind"), KINDS);
    const health = chosenOf(search.all("health"), HEALTHS);
    const paused = chosenOf(search.all("paused"), PAUSED).at(0);
    const sort = readSort(search.one("sort"));
    const shared = { owner: [...owner], q: q === "" ? undefined : q, tag: [...tag] };
    const incidentFilter: IncidentFilter = { ...shared, kind: [...kind] };
    const dagFilter: DagFilter = {
      ...shared,
      health: [...health],
      paused: paused === undefined ? undefined : paused === "paused",
      sort: sortText(sort),
    };
    const anyShared = owner.length > 0 || tag.length > 0 || q !== "";

    return {
      dagFilter,
      filtered: anyShared || (view === "dags" ? health.length > 0 || paused !== undefined : kind.length > 0),
      /** Incidents with a cause in common stand together; `group=none` in the address takes them apart. */
      grouped: search.one("group") !== UNGROUPED,
      health,
      incidentFilter,
      kind,
      owner,
      paused,
      q,
      search,
      sort,
      tag,
      view,
    };
  }, [search]);
};

export type ViewState = ReturnType<typeof useViewState>;
