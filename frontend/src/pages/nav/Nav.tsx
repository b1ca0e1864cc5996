import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";

import { dagsQuery, facetsQuery, incidentsQuery } from "src/api/fleet";
import { keys } from "src/api/keys";
import { AirflowLink } from "src/components/AirflowLink";
import { Button } from "src/components/Button";
import { Choice } from "src/components/Choice";
import { ChoiceMenu, FacetMenu } from "src/components/Facets";
import { Icon } from "src/components/Icon";
import { SearchField } from "src/components/SearchField";
import { useNowBySecond } from "src/host/clock";
import { useKeys } from "src/host/keyboard";
import { links } from "src/host/links";
import { Dags } from "src/pages/nav/Dags";
import { Help } from "src/pages/nav/Help";
import { Incidents } from "src/pages/nav/Incidents";
import styles from "src/pages/nav/Nav.module.css";
import { type Causes, TotalsLine } from "src/pages/nav/TotalsLine";
import { HEALTHS, KINDS, NO_FILTERS, PAUSED, UNGROUPED, useViewState, type View } from "src/pages/nav/viewState";
import { ageWords } from "src/components/times";
import { countWords } from "src/components/words";

type AgeProps = { readonly asOf: number | undefined };

/** How old what is shown is. */
const Age = ({ asOf }: AgeProps) => {
  const now = useNowBySecond();

  return (
    <span className={styles.age}>{asOf === undefined ? "" : `updated ${ageWords((now - asOf) / 1000)} ago`}</span>
  );
};

/** "9 causes", and while errors are being read "9 causes so far". */
const causeWords = ({ areAll, known }: Causes): string => `${countWords(known, "cause")}${areAll ? "" : " so far"}`;

const GROUPED = "cause";

const ORDERS = [
  { label: "by cause", value: GROUPED },
  { label: "each", value: UNGROUPED },
] as const;

const TITLES: Readonly<Record<View, string>> = { dags: "Dags", incidents: "Incidents" };

/** The page in Airflow's navigation: what is broken in the whole fleet, and every Dag of it. */
export default function Nav() {
  const view = useViewState();
  const { search } = view;
  const queryClient = useQueryClient();
  const [help, setHelp] = useState(false);
  const searchRef = useRef<HTMLInputElement>(null);
  const facets = useQuery(facetsQuery()).data?.body;

  // Both views count the same fleet: the numbers at the top come with whichever is shown.
  const incidents = useQuery({ ...incidentsQuery(view.incidentFilter), enabled: view.view === "incidents" });
  const dags = useQuery({ ...dagsQuery(view.dagFilter, 0), enabled: view.view === "dags" });
  const shown = view.view === "dags" ? dags.data : incidents.data;
  const page = view.view === "incidents" ? incidents.data?.body : undefined;
  const causes: Causes | undefined = page === undefined ? undefined : { areAll: page.pending_errors === 0, known: page.causes };
  const latest = shown ?? incidents.data ?? dags.data;

  const onSearch = useCallback(
    (text: string) => {
      search.change({ q: text });
    },
    [search],
  );
  const clear = useCallback(() => {
    search.change(NO_FILTERS, { push: true });
  }, [search]);

  useKeys((key) => {
    if (key === "/") {
      searchRef.current?.focus();
      searchRef.current?.select();
    } else if (key === "?") {
      setHelp(true);
    } else {
      return false;
    }

    return true;
  });

  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>Windsock</h1>
        <TotalsLine causes={view.filtered ? undefined : causes} totals={latest?.body.totals} />
        <Age asOf={latest?.asOf} />
        <Button
          aria-label="Ask again now"
          kind="quiet"
          onClick={() => void queryClient.invalidateQueries({ queryKey: keys.fleet() })}
          title="Ask again now"
        >
          <Icon name="refresh" />
        </Button>
      </header>
      <div className={styles.bar}>
        <nav aria-label="Views" className={styles.views}>
          {(["incidents", "dags"] as const).map((one) => (
            <AirflowLink
              aria-current={view.view === one ? "page" : undefined}
              className={styles.view}
              key={one}
              to={links.nav(search.changed({ group: null, health: null, kind: null, paused: null, sort: null, view: one === "dags" ? one : null }))}
            >
              {TITLES[one]}
            </AirflowLink>
          ))}
        </nav>
        <div className={styles.filters}>
          {view.view === "dags" ? (
            <>
              <ChoiceMenu
                choices={HEALTHS}
                chosen={view.health}
                name="health"
                onChange={(health) => {
                  search.change({ health }, { push: true });
                }}
              />
              <ChoiceMenu
                choices={PAUSED}
                chosen={view.paused === undefined ? [] : [view.paused]}
                name="paused"
                onChange={(paused) => {
                  search.change({ paused }, { push: true });
                }}
                single
              />
            </>
          ) : (
            <>
              <Choice
                label="Order of the incidents"
                onChoose={(group) => {
                  search.change({ group: group === UNGROUPED ? group : null }, { push: true });
                }}
                options={ORDERS}
                value={view.grouped ? GROUPED : UNGROUPED}
              />
              <ChoiceMenu
                choices={KINDS}
                chosen={view.kind}
                name="kind"
                onChange={(kind) => {
                  search.change({ kind }, { push: true });
                }}
              />
            </>
          )}
          <FacetMenu
            chosen={view.owner}
            name="owner"
            onChange={(owner) => {
              search.change({ owner }, { push: true });
            }}
            options={facets?.owners ?? []}
          />
          <FacetMenu
            chosen={view.tag}
            name="tag"
            onChange={(tag) => {
              search.change({ tag }, { push: true });
            }}
            options={facets?.tags ?? []}
          />
          <SearchField inputRef={searchRef} label="Search" onChange={onSearch} value={view.q} />
          <span className={styles.count}>{shown === undefined || !view.filtered ? "" : `${shown.body.matching} match${causes === undefined ? "" : `, ${causeWords(causes)}`}`}</span>
          {/* Its room is kept, so that the filters do not move when the first is set. */}
          <Button kind="quiet" onClick={clear} style={{ visibility: view.filtered ? "visible" : "hidden" }}>
            Clear
          </Button>
        </div>
        <Button
          aria-label="Keys"
          className={styles.help}
          kind="quiet"
          onClick={() => {
            setHelp(true);
          }}
          title="Keys (?)"
        >
          ?
        </Button>
      </div>
      {view.view === "dags" ? (
        <Dags onClear={clear} query={dags} view={view} />
      ) : (
        <Incidents
          at={incidents.dataUpdatedAt}
          key="incidents"
          onClear={clear}
          query={{ data: incidents.data, error: incidents.error, refetch: incidents.refetch, waiting: incidents.isPlaceholderData }}
          view={view}
        />
      )}
      <Help
        onClose={() => {
          setHelp(false);
        }}
        open={help}
      />
    </>
  );
}
