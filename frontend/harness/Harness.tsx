import { useEffect, useState } from "react";
import { Link, matchPath, Navigate, useLocation } from "react-router-dom";

import { incidentsQuery } from "src/api/fleet";
import { queryClient } from "src/api/queryClient";
import type { HostProps } from "src/host/destination";
import { links } from "src/host/links";
import { Windsock } from "src/Windsock";

/** The pages of Airflow that carry a tab of ours, with the names of its parameters. */
const PLACES = [
  "/dags/:dagId/runs/:runId/tasks/:taskId/mapped/:mapIndex/*",
  "/dags/:dagId/runs/:runId/tasks/:taskId/*",
  "/dags/:dagId/runs/:runId/*",
  "/dags/:dagId/tasks/:taskId/*",
  "/dags/:dagId/*",
] as const;

/** What Airflow would pass to the component at this address. */
const propsAt = (pathname: string): HostProps => {
  for (const place of PLACES) {
    const match = matchPath(place, pathname);

    if (match !== null) {
      // As the host's router hands them over: decoded.
      return Object.fromEntries(
        Object.entries(match.params)
          .filter(([name]) => name !== "*")
          .map(([name, value]) => [name, decodeURIComponent(value ?? "")]),
      );
    }
  }

  return {};
};

type Example = { readonly dagId: string; readonly mapIndex: number; readonly runId: string; readonly taskId: string };

/** Something to show on the tabs: the worst incident with a failed task. */
const useExample = (): Example | undefined => {
  const [example, setExample] = useState<Example>();

  useEffect(() => {
    queryClient
      .query(incidentsQuery({}))
      .then(({ body }) => {
        for (const { causes, dag_id } of body.items) {
          const [cause] = causes;

          if (dag_id !== null && cause !== undefined) {
            setExample({ dagId: dag_id, mapIndex: cause.map_index, runId: cause.run_id, taskId: cause.task_id });

            return;
          }
        }
      })
      .catch(() => {
        // No Airflow behind the proxy yet: the pages themselves say so.
      });
  }, []);

  return example;
};

const useTheme = () => {
  const [dark, setDark] = useState(() => localStorage.getItem("theme") === "dark");

  useEffect(() => {
    document.documentElement.classList.toggle("dark", dark);
    localStorage.setItem("theme", dark ? "dark" : "light");
  }, [dark]);

  return { dark, toggle: () => { setDark(!dark); } };
};

/** A page around the component that stands for Airflow's: a switch for every destination, and the colour mode. */
export const Harness = () => {
  const { pathname } = useLocation();
  const example = useExample();
  const { dark, toggle } = useTheme();
  const places: ReadonlyArray<readonly [string, string | undefined]> = [
    ["Nav page", links.nav()],
    ["Home", "/home"],
    ["Dag", example && links.tab.dag(example.dagId)],
    ["Dag run", example && links.tab.run(example.dagId, example.runId)],
    ["Task", example && links.tab.task(example.dagId, example.taskId)],
    ["Task instance", example && links.tab.taskInstance(example.dagId, example.runId, example.taskId, example.mapIndex)],
  ];

  if (pathname === "/") {
    return <Navigate replace to={links.nav()} />;
  }

  return (
    <>
      <nav className="harness-bar">
        {places.map(([label, to]) =>
          to === undefined ? (
            <span key={label}>{label}</span>
          ) : (
            <Link aria-current={pathname === to ? "page" : undefined} key={label} to={to}>
              {label}
            </Link>
          ),
        )}
        <button onClick={toggle} type="button">
          {dark ? "Light" : "Dark"}
        </button>
      </nav>
      <main className="harness-page">
        <Windsock {...propsAt(pathname)} />
      </main>
    </>
  );
};
