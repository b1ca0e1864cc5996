import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import { testIds } from "src/components/testIds";
import { fakeError, fakeFailingTask, fakeIncident, fakeIncidentPage, fakeRunRef, fakeStreak, fakeTotals, hoursAgo } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, breakDown, disconnect, hang, refuse } from "src/test/server";

const FACETS = { owners: [{ dags: 2, value: "growth" }, { dags: 1, value: "crm" }], tags: [] };

const show = (address = "/plugin/windsock") => {
  answer("/facets", FACETS);
  renderAt(address);
};

const address = () => screen.getByTestId("address").textContent;

describe("the incidents", () => {
  it("are skeletons of rows while they load", async () => {
    hang("/incidents");
    show();

    expect(await screen.findByTestId(testIds.loading)).toBeInTheDocument();
  });

  it("say for how long, since when, which task and why, each a link", async () => {
    answer("/incidents", fakeIncidentPage([fakeIncident()]));
    show();
    const row = within(await screen.findByTestId(testIds.incident));
    const instance = "/dags/orders_daily/runs/scheduled__2026-11-20T09%3A00%3A00%2B00%3A00/tasks/load";

    expect(row.getByText(/Failing for/u)).toHaveTextContent(/^Failing for 3 runs, since .+ \(last good .+\)/u);
    expect(row.getByRole("link", { name: "orders_daily" })).toHaveAttribute("href", "/dags/orders_daily");
    expect(row.getByRole("link", { name: /, first bad run$/u })).toHaveAttribute(
      "href",
      "/dags/orders_daily/runs/scheduled__2026-11-20T07%3A00%3A00%2B00%3A00",
    );
    expect(row.getByRole("link", { name: /, last good run$/u })).toHaveAttribute(
      "href",
      "/dags/orders_daily/runs/scheduled__2026-11-20T06%3A00%3A00%2B00%3A00",
    );
    expect(row.getByText("ConnectionError")).toBeInTheDocument();
    expect(row.getByText(/could not connect to warehouse/u)).toBeInTheDocument();
    expect(row.getByText("load_orders.py:41 in connect")).toBeInTheDocument();
    expect(row.getByRole("link", { name: "load" })).toHaveAttribute("href", instance);
    expect(row.getByRole("link", { name: "Log" })).toHaveAttribute("href", `${instance}?try_number=3`);
    expect(row.getByRole("link", { name: "Diagnose" })).toHaveAttribute("href", `${instance}/plugin/windsock-task-instance`);
    expect(row.getByText("data-platform", { exact: false })).toHaveTextContent("#dwh");
  });

  it("say the other kinds, a re-run and a cause of the run itself in their own words", async () => {
    answer(
      "/incidents",
      fakeIncidentPage([
        fakeIncident({ dag_id: "again", streak: fakeStreak({ length: 0, rerunning_since: hoursAgo(0.1) }) }),
        fakeIncident({ causes: [], dag_id: "slow", run_level_cause: { inferred: true, kind: "timed_out" } }),
        fakeIncident({ dag_id: "fragile", key: "paused_by_airflow:fragile", kind: "paused_by_airflow" }),
        fakeIncident({
          causes: [],
          dag_display_name: null,
          dag_id: null,
          error: fakeError({ frame: null, message: "'(' was never closed", type: "SyntaxError" }),
          file: "broken/nightly.py",
          file_dag_ids: ["nightly_a", "nightly_b"],
          key: "import_error:x",
          kind: "import_error",
          streak: null,
        }),
      ]),
    );
    show();
    const [again, slow, fragile, broken] = await screen.findAllByTestId(testIds.incident);

    expect(again).toHaveTextContent(/being run again.*re-running since/u);
    expect(slow).toHaveTextContent("The run timed out (inferred)");
    expect(fragile).toHaveTextContent(/Paused by Airflow at .+ after 3 runs failed/u);
    expect(broken).toHaveTextContent(/broken\/nightly\.py.*Does not import, since .+held nightly_a, nightly_b/u);
    expect(broken).toHaveTextContent("SyntaxError");
  });

  it("show a row at once and its error when it is known", async () => {
    let asked = 0;
    answer("/incidents", () => {
      asked += 1;
      const error = asked === 1 ? fakeError({ frame: null, message: null, state: "pending", type: null }) : fakeError();

      return fakeIncidentPage([fakeIncident({ causes: [fakeFailingTask({ error })], error })]);
    });
    show();

    expect(await screen.findByText("Reading the log")).toBeInTheDocument();
    expect(await screen.findByText("ConnectionError", undefined, { timeout: 3000 })).toBeInTheDocument();
  });

  it("name no error where the caller may not read logs", async () => {
    const error = fakeError({ frame: null, message: null, state: "forbidden", type: null });
    answer("/incidents", fakeIncidentPage([fakeIncident({ causes: [fakeFailingTask({ error })], error })]));
    show();

    expect(await screen.findByText("You are not allowed to read this Dag's task logs")).toBeInTheDocument();
  });

  it("say that nothing is failing, and when something last did", async () => {
    answer("/incidents", fakeIncidentPage([], { totals: fakeTotals({ dags: 214, incidents: 0 }) }));
    show();

    expect(await screen.findByTestId(testIds.empty)).toHaveTextContent(
      "Nothing is failing. 214 Dags, last failure 6 h ago in orders_daily.",
    );
  });

  it("tell no match from nothing there, and clear the filters", async () => {
    answer("/incidents", (params) => fakeIncidentPage(params.get("q") === null ? [fakeIncident()] : []));
    show("/plugin/windsock?q=nonsense&owner=crm");
    await userEvent.click(within(await screen.findByTestId(testIds.noMatch)).getByRole("button", { name: "Clear filters" }));

    expect(await screen.findByTestId(testIds.incident)).toBeInTheDocument();
    expect(address()).toBe("/plugin/windsock");
  });

  it("say that they are not allowed, and who can help", async () => {
    refuse("get", "/incidents", 403, "You may not read Dags");
    show();

    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("You are not allowed to see the incidents.");
  });

  it("say that they could not load, and try again when asked", async () => {
    breakDown("/incidents");
    show();
    const failed = within(await screen.findByTestId(testIds.failed));

    expect(failed.getByText("Could not load the incidents.")).toBeInTheDocument();
    answer("/incidents", fakeIncidentPage([fakeIncident()]));
    await userEvent.click(failed.getByRole("button", { name: "Try again" }));
    expect(await screen.findByTestId(testIds.incident)).toBeInTheDocument();
  });

  it.each([
    ["an answer that is not JSON", breakDown],
    ["no answer", disconnect],
    ["a refusal for now", (path: string) => { refuse("get", path, 503, "Windsock is busy"); }],
  ])("stay, with their age, after %s, and recover", async (_, fail) => {
    answer("/incidents", fakeIncidentPage([fakeIncident()]), 40);
    show();
    await screen.findByTestId(testIds.incident);
    fail("/incidents");
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.stale)).toHaveTextContent(/Showing what was true (?:39|4\d) s ago/u);
    expect(screen.getByTestId(testIds.incident)).toBeInTheDocument();
    answer("/incidents", fakeIncidentPage([fakeIncident()]));
    await queryClient.refetchQueries();
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.stale)).not.toBeInTheDocument();
    });
  });

  it("go when they are no longer allowed", async () => {
    answer("/incidents", fakeIncidentPage([fakeIncident()]));
    show();
    await screen.findByTestId(testIds.incident);
    refuse("get", "/incidents", 403, "You may not read Dags");
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.forbidden)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.incident)).not.toBeInTheDocument();
  });

  it("are filtered by the server, with the filter in the address", async () => {
    answer("/incidents", (params) =>
      fakeIncidentPage([fakeIncident({ dag_id: params.getAll("owner").join("+") === "growth" ? "clicks" : "orders" })]),
    );
    show();
    await screen.findByText("orders");
    await userEvent.click(screen.getByRole("combobox", { name: "Filter by owner" }));
    await userEvent.click(await screen.findByRole("option", { name: /growth/u }));

    expect(await screen.findByText("clicks")).toBeInTheDocument();
    expect(address()).toBe("/plugin/windsock?owner=growth");
    expect(screen.getByText("1 match, 1 cause")).toBeInTheDocument();
  });

  it("can be searched and walked through by key", async () => {
    answer("/incidents", (params) => fakeIncidentPage([fakeIncident({ dag_id: params.get("q") ?? "orders" }), fakeIncident({ dag_id: "second" })]));
    show();
    await screen.findByText("orders");
    await userEvent.keyboard("j");
    expect(screen.getAllByTestId(testIds.incident)[0]).toHaveFocus();
    await userEvent.keyboard("jk/");
    expect(screen.getByRole("searchbox", { name: "Search" })).toHaveFocus();
    await userEvent.keyboard("clicks");
    expect(await screen.findByText("clicks")).toBeInTheDocument();
    expect(address()).toBe("/plugin/windsock?q=clicks");
    await userEvent.keyboard("{Escape}{Escape}");
    await screen.findByText("orders");
    await userEvent.keyboard("j{Enter}");
    expect(address()).toBe("/dags/orders");
  });

  it("come fifty at a time", async () => {
    const all = Array.from({ length: 60 }, (_, index) => fakeIncident({ dag_id: `dag_${index}` }));
    answer("/incidents", (params) => {
      const offset = Number(params.get("offset"));

      return fakeIncidentPage(all.slice(offset, offset + Number(params.get("limit"))), { matching: 60, offset });
    });
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Show 10 more" }));

    expect(await screen.findByText("dag_59")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /more$/u })).not.toBeInTheDocument();
  });

  it("stand still under the pointer: what ended stays until it leaves", async () => {
    answer("/incidents", fakeIncidentPage([fakeIncident({ dag_id: "first" }), fakeIncident({ dag_id: "second" })]));
    show();
    await userEvent.hover(await screen.findByText("second"));
    answer(
      "/incidents",
      fakeIncidentPage([fakeIncident({ dag_id: "newer", newest_failed_run: fakeRunRef(), opened_at: hoursAgo(-0.01) }), fakeIncident({ dag_id: "second" })]),
    );
    await queryClient.refetchQueries();
    await screen.findByText("newer");
    const names = () => screen.getAllByRole("heading", { level: 2 }).map((heading) => heading.textContent);

    expect(names()).toEqual(["firstended", "second", "newernew"]);
    await userEvent.unhover(screen.getByTestId(testIds.incidents));
    expect(names()).toEqual(["newernew", "second"]);
  });

  it("are counted at the top as the rows are below", async () => {
    answer("/incidents", fakeIncidentPage([fakeIncident()], { totals: fakeTotals({ incidents: 1 }) }));
    show();

    expect(await screen.findByTestId(testIds.totals)).toHaveTextContent(/^1 incident, 1 cause9 Dags failing3 warning214 ok12 paused$/u);
  });
});
