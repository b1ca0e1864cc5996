import { useQueries } from "@tanstack/react-query";
import { useRef, useState } from "react";

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
import { IncidentRow } from "src/pages/nav/IncidentRow";
import styles from "src/pages/nav/Incidents.module.css";
import { useArrivals } from "src/pages/nav/useArrivals";
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

type RowsProps = { readonly items: ReadonlyArray<Incident> };

const Rows = ({ items }: RowsProps) => {
  const [held, setHeld] = useState(false);
  const listRef = useRef<HTMLUListElement>(null);
  const rows = useSteady(items, keyOf, held, "");
  const isNew = useArrivals(items);

  useKeys((key) => {
    const all = [...(listRef.current?.querySelectorAll<HTMLElement>(":scope > li") ?? [])];
    const at = all.findIndex((row) => row.matches(":focus-within"));
    const to = key === "j" ? Math.min(at + 1, all.length - 1) : key === "k" ? Math.max(at - 1, 0) : undefined;

    if (to === undefined) {
      return false;
    }
    all[to]?.focus();

    return true;
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
      {rows.map(({ gone, item, key }) => (
        <IncidentRow gone={gone} incident={item} isNew={isNew(item)} key={key} />
      ))}
    </ul>
  );
};

type PagesProps = {
  readonly first: IncidentPage;
  readonly view: ViewState;
};

/** The first page and those that were asked for after it. */
const Pages = ({ first, view }: PagesProps) => {
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

  if (!same && more.every(({ data }) => data !== undefined)) {
    setItems({ all, parts });
  }

  return (
    <>
      <Rows items={all} />
      {first.matching > count * INCIDENTS_PER_PAGE ? (
        <Button
          className={styles.more}
          onClick={() => {
            setCount(count + 1);
          }}
        >
          Show {Math.min(INCIDENTS_PER_PAGE, first.matching - count * INCIDENTS_PER_PAGE)} more
        </Button>
      ) : null}
    </>
  );
};

type IncidentsProps = {
  readonly onClear: () => void;
  /** `waiting` while the rows are still those of the filter before. */
  readonly query: Asked<IncidentPage> & { readonly waiting: boolean };
  readonly view: ViewState;
};

/** Every open incident, worst first. */
export const Incidents = ({ onClear, query, view }: IncidentsProps) => {
  const filter = JSON.stringify(view.incidentFilter);
  const [scope, setScope] = useState(filter);

  if (!query.waiting && scope !== filter) {
    setScope(filter);
  }

  return (
    <Loaded of="the incidents" query={query} skeleton={<IncidentsSkeleton />}>
      {(page) => {
        if (page.items.length > 0) {
          return <Pages first={page} key={scope} view={view} />;
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
