import { useQueries } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";

import { INCIDENTS_PER_PAGE, incidentsQuery } from "src/api/fleet";
import type { Incident, IncidentPage } from "src/api/types";
import { Button } from "src/components/Button";
import { Message } from "src/components/Message";
import { NothingFailing } from "src/components/NothingFailing";
import { Skeleton } from "src/components/Skeleton";
import { type Asked, Loaded, NoMatch } from "src/components/States";
import { testIds } from "src/components/testIds";
import { useSteady } from "src/components/useSteady";
import { useKeys } from "src/host/keyboard";
import { blocksOf, type Row } from "src/pages/nav/blocks";
import { groupKeyOf, IncidentGroup } from "src/pages/nav/IncidentGroup";
import { IncidentRow } from "src/pages/nav/IncidentRow";
import styles from "src/pages/nav/Incidents.module.css";
import { useArrivals } from "src/pages/nav/useArrivals";
import { useSettled } from "src/pages/nav/useSettled";
import type { ViewState } from "src/pages/nav/viewState";

const SKELETON_ROWS = [0, 1, 2, 3, 4, 5];

const IncidentsSkeleton = () => (
  <ul aria-busy="true" aria-label="Loading the incidents" className={styles.list} data-testid={testIds.loading}>
    {SKELETON_ROWS.map((row) => (
      <li className={styles.ghost} key={row}>
        <Skeleton width={180} />
        <Skeleton width={340} />
        <Skeleton width={90} />
        <Skeleton width="70%" />
      </li>
    ))}
  </ul>
);

const NONE: ReadonlyArray<Incident> = [];

const keyOf = (incident: Incident): string => incident.key;

type RowsProps = {
  readonly allLoaded: boolean;
  /** When the answer came, milliseconds since the epoch. */
  readonly at: number;
  readonly first: IncidentPage;
  readonly grouped: boolean;
  readonly items: ReadonlyArray<Incident>;
  readonly onMore: () => void;
};

const NO_GROUPS: IncidentPage["groups"] = [];

const Rows = ({ allLoaded, at, first, grouped, items, onMore }: RowsProps) => {
  const [held, setHeld] = useState(false);
  const [opened, setOpened] = useState<ReadonlyArray<string>>([]);
  const listRef = useRef<HTMLUListElement>(null);
  const rows = useSteady(items, keyOf, held, "");
  const isArrival = useArrivals(items);
  const settled = useSettled({ at, groups: first.groups, pending: first.pending_errors }, held);
  const blocks = useMemo(() => blocksOf(rows, grouped ? settled : NO_GROUPS, allLoaded), [allLoaded, grouped, rows, settled]);
  const isNew = ({ item }: Row) => isArrival(item);
  const isOpen = (key: string) => opened.includes(key);
  const onToggle = useCallback((key: string) => {
    setOpened((before) => (before.includes(key) ? before.filter((one) => one !== key) : [...before, key]));
  }, []);

  useKeys((key) => {
    const all = [...(listRef.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const focused = all.findIndex((row) => row.contains(row.ownerDocument.activeElement));

    switch (key) {
      case "j":
        all[Math.min(focused + 1, all.length - 1)]?.focus();

        return true;
      case "k":
        all[Math.max(focused - 1, 0)]?.focus();

        return true;
      case "e": {
        const row = all[focused] ?? all.find((one) => one.matches(":hover"));

        if (row?.dataset.row !== undefined) {
          onToggle(row.dataset.row);
        }

        return row !== undefined;
      }
      case "Escape":
        setOpened((before) => before.slice(0, -1));

        return opened.length > 0;
      default:
        return false;
    }
  });

  return (
    <ul
      aria-label="Incidents, worst first"
      className={styles.list}
      data-testid={testIds.incidents}
      onPointerEnter={() => {
        setHeld(true);
      }}
      onPointerLeave={() => {
        setHeld(false);
      }}
      ref={listRef}
    >
      {blocks.map((block) =>
        block.kind === "cause" ? (
          <IncidentGroup block={block} isNew={isNew} isOpen={isOpen} key={groupKeyOf(block)} onMore={onMore} onToggle={onToggle} />
        ) : (
          <IncidentRow
            gone={block.row.gone}
            incident={block.row.item}
            isNew={isNew(block.row)}
            isOpen={isOpen(block.row.key)}
            key={block.row.key}
            onToggle={onToggle}
          />
        ),
      )}
    </ul>
  );
};

type PagesProps = {
  readonly at: number;
  readonly first: IncidentPage;
  readonly view: ViewState;
};

/** The first page and those that were asked for after it. */
const Pages = ({ at, first, view }: PagesProps) => {
  const [count, setCount] = useState(1);
  const more = useQueries({
    queries: Array.from({ length: count - 1 }, (_, index) => incidentsQuery(view.incidentFilter, index + 1)),
  });
  const [items, setItems] = useState<{ readonly all: ReadonlyArray<Incident>; readonly parts: ReadonlyArray<unknown> }>({
    all: first.items,
    parts: [first.items],
  });
  const parts = [first.items, ...more.map(({ data }) => data?.body.items ?? NONE)];
  const same = parts.length === items.parts.length && parts.every((part, index) => part === items.parts[index]);
  // An incident may move to the page before between two answers: shown once.
  const all = same ? items.all : [...new Map(parts.flat().map((item) => [item.key, item])).values()];
  const rest = first.matching - count * INCIDENTS_PER_PAGE;
  const onMore = () => {
    setCount((before) => (first.matching > before * INCIDENTS_PER_PAGE ? before + 1 : before));
  };

  if (!same && more.every(({ data }) => data !== undefined)) {
    setItems({ all, parts });
  }

  return (
    <>
      <Rows allLoaded={all.length >= first.matching} at={at} first={first} grouped={view.grouped} items={all} onMore={onMore} />
      {rest > 0 ? (
        <Button className={styles.more} onClick={onMore}>
          Show {Math.min(INCIDENTS_PER_PAGE, rest)} more
        </Button>
      ) : null}
    </>
  );
};

type IncidentsProps = {
  /** When the answer came, milliseconds since the epoch. */
  readonly at: number;
  readonly onClear: () => void;
  /** `waiting` while the rows are still those of the filter before. */
  readonly query: Asked<IncidentPage> & { readonly waiting: boolean };
  readonly view: ViewState;
};

/** Every open incident, worst first; those with a cause in common together. */
export const Incidents = ({ at, onClear, query, view }: IncidentsProps) => {
  const filter = JSON.stringify(view.incidentFilter);
  const [scope, setScope] = useState(filter);

  if (!query.waiting && scope !== filter) {
    setScope(filter);
  }

  return (
    <Loaded of="the incidents" query={query} skeleton={<IncidentsSkeleton />}>
      {(page) => {
        if (page.items.length > 0) {
          return <Pages at={at} first={page} key={scope} view={view} />;
        }

        return view.filtered ? (
          <NoMatch onClear={onClear} what="incidents" />
        ) : (
          <Message testId={testIds.empty} title={<NothingFailing totals={page.totals} />} />
        );
      }}
    </Loaded>
  );
};
