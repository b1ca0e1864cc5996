import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type PointerEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";

import { type DagFilter, DAGS_PER_PAGE, dagsQuery } from "src/api/fleet";
import type { DagItem, DagPage } from "src/api/types";
import { Message } from "src/components/Message";
import { type Asked, Loaded, NoMatch } from "src/components/States";
import { testIds } from "src/components/testIds";
import { useSteady } from "src/components/useSteady";
import { useKeys } from "src/host/keyboard";
import { links } from "src/host/links";
import { useNavigation } from "src/host/navigation";
import { usePreferences } from "src/host/preferences";
import { type Column, COLUMNS } from "src/pages/nav/columns";
import { DagRow, SkeletonRow } from "src/pages/nav/DagRow";
import styles from "src/pages/nav/Dags.module.css";
import { type Sort, sortText, type ViewState } from "src/pages/nav/viewState";

const ROW_PX = 36;
const OVERSCAN = 8;

type HeadCellProps = {
  readonly column: Column;
  readonly onSort: (sort: Sort) => void;
  readonly sort: Sort;
};

const CELLS: Readonly<Record<Column["id"], string | undefined>> = {
  actions: styles.actions,
  dag: styles.dag,
  health: styles.health,
  last: styles.last,
  next: styles.next,
  okRate: styles.okRate,
  owner: styles.owner,
  runs: styles.runs,
  schedule: styles.schedule,
  since: styles.since,
  streak: styles.streakCell,
};

const HeadCell = ({ column, onSort, sort }: HeadCellProps) => {
  const { end = false, greatestFirst = false, id, label, meaning, sortKey } = column;
  const sorted = sortKey !== undefined && sort.key === sortKey;
  const className = `${CELLS[id] ?? ""} ${end ? styles.end : ""}`;

  if (sortKey === undefined) {
    return (
      <span className={className} role="columnheader" title={meaning}>
        {label}
      </span>
    );
  }

  return (
    <span aria-sort={sorted ? (sort.descending ? "descending" : "ascending") : "none"} className={className} role="columnheader">
      <button
        aria-label={label}
        className={styles.sort}
        onClick={() => {
          onSort({ descending: sorted ? !sort.descending : greatestFirst, key: sortKey });
        }}
        title={`${meaning}. Click to sort.`}
        type="button"
      >
        {id === "health" ? "" : label}
        <span aria-hidden className={styles.arrow}>
          {sorted ? (sort.descending ? "↓" : "↑") : id === "health" ? "↕" : ""}
        </span>
      </button>
    </span>
  );
};

type HeadProps = Omit<HeadCellProps, "column">;

const Head = ({ onSort, sort }: HeadProps) => (
  <div className={`${styles.row} ${styles.head}`} role="row">
    {COLUMNS.map((column) => (
      <HeadCell column={column} key={column.id} onSort={onSort} sort={sort} />
    ))}
  </div>
);

const SKELETON_ROWS = Array.from({ length: 18 }, (_, index) => index);

const TableSkeleton = (props: HeadProps) => (
  <div aria-busy="true" aria-label="Loading the Dags" className={styles.scroller} data-testid={testIds.loading} role="status">
    <Head {...props} />
    {SKELETON_ROWS.map((index) => (
      <SkeletonRow index={index} key={index} />
    ))}
  </div>
);

const NONE: ReadonlyArray<DagItem> = [];

const keyOf = (dag: DagItem): string => dag.dag_id;

/** The pages of the list that are on screen, as one sparse list of rows. */
const useRows = (filter: DagFilter, first: DagPage, from: number, to: number, held: boolean) => {
  const pageOf = (index: number) => Math.floor(Math.max(0, index) / DAGS_PER_PAGE);
  const lastPage = pageOf(Math.min(to, first.matching - 1));
  const wanted = Array.from({ length: lastPage - pageOf(from) + 1 }, (_, index) => pageOf(from) + index).filter((page) => page > 0);
  const answers = useQueries({ queries: wanted.map((page) => dagsQuery(filter, page)) });
  const parts = [first.items, ...answers.map(({ data }) => data?.body.items ?? NONE)];
  const [memory, setMemory] = useState<{ readonly flat: ReadonlyArray<DagItem>; readonly parts: ReadonlyArray<unknown> }>({
    flat: first.items,
    parts: [first.items],
  });
  const same = parts.length === memory.parts.length && parts.every((part, index) => part === memory.parts[index]);
  const flat = same ? memory.flat : parts.flat();

  if (!same) {
    setMemory({ flat, parts });
  }
  const scope = JSON.stringify([filter, wanted, parts.map(({ length }) => length)]);
  const steady = useSteady(flat, keyOf, held, scope);

  return useMemo(() => {
    // Where each page starts in the flat list: those between that are not loaded leave a gap.
    const starts = [0, ...wanted.map((page) => page * DAGS_PER_PAGE)];
    const byIndex = new Map<number, (typeof steady)[number]>();
    const seen = new Set<string>();
    let at = 0;

    parts.forEach((part, index) => {
      part.forEach((_, offset) => {
        const row = steady[at];

        // A Dag that moved between two answers can be in both: shown once.
        if (row !== undefined && !seen.has(row.key)) {
          seen.add(row.key);
          byIndex.set((starts[index] ?? 0) + offset, row);
        }
        at += 1;
      });
    });

    return byIndex;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- scope says all that matters of the pages
  }, [steady, scope]);
};

type TableProps = HeadProps & {
  readonly filter: DagFilter;
  readonly first: DagPage;
  /** Rows for another filter are on their way; these are the ones before. */
  readonly waiting: boolean;
};

const Table = ({ filter, first, onSort, sort, waiting }: TableProps) => {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const navigation = useNavigation();
  const preferences = usePreferences();
  const [held, setHeld] = useState(false);
  const [active, setActive] = useState<string>();
  const virtualizer = useVirtualizer({
    count: first.matching,
    estimateSize: () => ROW_PX,
    getScrollElement: () => scrollerRef.current,
    overscan: OVERSCAN,
    // The head is part of what scrolls, and stays at the top of it.
    scrollMargin: ROW_PX,
    scrollPaddingStart: ROW_PX,
  });
  const shown = virtualizer.getVirtualItems();
  const rows = useRows(filter, first, shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0, held);
  const filterKey = JSON.stringify(filter);

  // Another filter or sorting is another list: it is read from its top.
  useLayoutEffect(() => {
    scrollerRef.current?.scrollTo({ top: 0 });
  }, [filterKey]);

  const focusRow = (index: number) => {
    virtualizer.scrollToIndex(index);
    // The row may have to be drawn first.
    requestAnimationFrame(() => {
      scrollerRef.current?.querySelector<HTMLElement>(`[role="row"][data-index="${index}"]`)?.focus({ preventScroll: true });
    });
  };

  useKeys((key) => {
    if (key !== "j" && key !== "k") {
      return false;
    }
    const at = [...rows].find(([, row]) => row.key === active)?.[0];
    const next = at === undefined ? 0 : key === "j" ? at + 1 : at - 1;

    focusRow(Math.max(0, Math.min(next, first.matching - 1)));

    return true;
  });

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const dagId = event.target instanceof HTMLElement ? event.target.dataset["dagId"] : undefined;

    if (event.key === "Enter" && dagId !== undefined) {
      navigation.open(links.dag(dagId));
    }
  };
  const hold = useCallback((event: PointerEvent<HTMLElement>) => {
    setHeld(event.type === "pointerenter");
  }, []);

  return (
    <div
      aria-label="Dags"
      aria-rowcount={first.matching + 1}
      className={`${styles.scroller} ${waiting ? styles.waiting : ""}`}
      data-testid={testIds.dagsTable}
      onClick={navigation.onClick}
      onKeyDown={onKeyDown}
      onPointerEnter={hold}
      onPointerLeave={hold}
      ref={scrollerRef}
      role="table"
    >
      <Head onSort={onSort} sort={sort} />
      <div className={styles.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const row = rows.get(index);
          const style = { transform: `translateY(${start - ROW_PX}px)` };

          return row === undefined ? (
            <SkeletonRow index={index} key={key} style={style} />
          ) : (
            <DagRow
              active={row.key === active}
              dag={row.item}
              gone={row.gone}
              index={index}
              key={row.key}
              navigation={navigation}
              onActive={setActive}
              preferences={preferences}
              style={style}
            />
          );
        })}
      </div>
    </div>
  );
};

type DagsProps = {
  readonly onClear: () => void;
  readonly query: Asked<DagPage>;
  readonly view: ViewState;
};

/** Every Dag that the caller may read, a row each. */
export const Dags = ({ onClear, query, view }: DagsProps) => {
  const { dagFilter, filtered, search, sort } = view;
  // While the rows of a new filter are on their way, those of the one before stay.
  const [settled, setSettled] = useState({ data: query.data, filter: dagFilter });
  const onSort = useCallback(
    (next: Sort) => {
      search.change({ sort: sortText(next) }, { push: true });
    },
    [search],
  );

  if (query.data !== undefined && query.data !== settled.data) {
    setSettled({ data: query.data, filter: dagFilter });
  }
  const waiting = query.data === undefined && settled.data !== undefined;

  return (
    <Loaded
      of="the Dags"
      query={waiting && query.error === null ? { data: settled.data, error: null, refetch: query.refetch } : query}
      skeleton={<TableSkeleton onSort={onSort} sort={sort} />}
    >
      {(page) => {
        if (page.matching > 0) {
          return <Table filter={waiting ? settled.filter : dagFilter} first={page} onSort={onSort} sort={sort} waiting={waiting} />;
        }

        return filtered ? (
          <NoMatch onClear={onClear} what="Dags" />
        ) : (
          <Message testId={testIds.empty} title="There is no Dag here that you may see.">
            New Dags appear by themselves, once Airflow has read their files.
          </Message>
        );
      }}
    </Loaded>
  );
};
