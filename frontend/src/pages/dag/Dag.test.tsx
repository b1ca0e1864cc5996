import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import { testIds } from "src/components/testIds";
import {
  fakeDagDetail,
  fakeDagItem,
  fakeError,
  fakeFailingTask,
  fakeIncident,
  fakeRunItem,
  fakeSignatures,
  fakeStreak,
  fakeTaskStreak,
  hoursAgo,
} from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, breakDown, disconnect, hang, refuse } from "src/test/server";

const show = (search = "") => {
  answer("/dags/:dag_id/signatures", fakeSignatures({ failed_runs: 0, items: [] }));

  return renderAt(`/dags/orders_daily/plugin/windsock-dag${search}`, { dagId: "orders_daily" });
};
const headline = () => screen.findByRole("heading", { level: 2 });

describe("the tab on a Dag's page", () => {
  it("says first since when it fails, how often, what caused it, and links to the cause", async () => {
    answer("/dags/:dag_id", fakeDagDetail());
    show();

    expect(await headline()).toHaveTextContent(/Failing for 3 runs, since .* \(last good .*\).*first cause: load/u);
    expect(screen.getByText("ConnectionError")).toBeInTheDocument();
    expect(screen.getByText("load_orders.py:41 in connect")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Diagnose load" })).toHaveAttribute(
      "href",
      "/dags/orders_daily/runs/scheduled__2026-11-20T09%3A00%3A00%2B00%3A00/tasks/load/plugin/windsock-task-instance",
    );
  });

  it("shows every run as a bar that says what it was and links to it", async () => {
    answer(
      "/dags/:dag_id",
      fakeDagDetail({
        runs: [
          fakeRunItem({ duration_s: 372, queued_s: 14, run_id: "b+2", state: "failed" }),
          fakeRunItem({ backfill: true, counting: false, run_id: "a", state: "success" }),
        ],
      }),
    );
    show();
    const [older, newer] = within(await screen.findByTestId(testIds.runBars)).getAllByRole("link");

    expect(older).toHaveAccessibleName(/^a \(backfill: does not count\) · /u);
    expect(newer).toHaveAccessibleName(/^b\+2 · .* · failed after 6 m 12 s · waited 14 s$/u);
    expect(newer).toHaveAttribute("href", "/dags/orders_daily/runs/b%2B2/plugin/windsock-run");
  });

  it("lets the arrow keys go from run to run, and reads out the one with the focus", async () => {
    answer("/dags/:dag_id", fakeDagDetail({ runs: [fakeRunItem({ run_id: "new" }), fakeRunItem({ run_id: "old" })] }));
    const user = userEvent.setup();

    show();
    const [old, latest] = within(await screen.findByTestId(testIds.runBars)).getAllByRole("link");
    latest?.focus();
    await user.keyboard("{ArrowLeft}");

    expect(old).toHaveFocus();
    expect(screen.getByText(/^old · /u)).toBeInTheDocument();
  });

  it("keeps the number of runs in the address and asks for as many", async () => {
    answer("/dags/:dag_id", (params) => fakeDagDetail({ description: `asked for ${params.get("runs") ?? ""}` }));
    const user = userEvent.setup();

    show("?runs=100");
    expect(await screen.findByText("asked for 100")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "25" }));

    expect(await screen.findByText("asked for 25")).toBeInTheDocument();
    expect(screen.getByTestId("address")).toHaveTextContent("?runs=25");
  });

  it("says how well a Dag does that does not fail", async () => {
    answer(
      "/dags/:dag_id",
      fakeDagDetail({
        dag: fakeDagItem({ streak: fakeStreak({ failing_since: null, first_bad_run: null, length: 0 }), successes: 24 }),
        failing_tasks: [],
        incidents: [],
        newest_failed_run: null,
        task_streaks: [],
      }),
    );
    show();

    expect(await headline()).toHaveTextContent(/Ok.*last run succeeded .* ago/u);
    expect(screen.getByText(/24 of the last 25 runs succeeded/u)).toBeInTheDocument();
    expect(screen.getByText("No task has failed since it last succeeded.")).toBeInTheDocument();
  });

  it("says that it is being run again while a cleared failure is re-run", async () => {
    answer(
      "/dags/:dag_id",
      fakeDagDetail({
        dag: fakeDagItem({ health: "failing", streak: fakeStreak({ length: 0, rerunning_since: hoursAgo(0.1) }) }),
      }),
    );
    show();

    expect(await headline()).toHaveTextContent(/Failed, and is being run again.*re-running since/u);
  });

  it("says in words why a run failed in which no task did, and that this was inferred", async () => {
    answer("/dags/:dag_id", fakeDagDetail({ failing_tasks: [], run_level_cause: { inferred: true, kind: "timed_out" } }));
    show();

    expect(await screen.findByText("The run timed out (inferred)")).toBeInTheDocument();
  });

  it("names the pause by Airflow and the import error", async () => {
    answer(
      "/dags/:dag_id",
      fakeDagDetail({
        dag: fakeDagItem({ health: "failing", paused: true, paused_by_airflow: true, streak: fakeStreak() }),
        incidents: [
          fakeIncident({ error: fakeError({ message: "invalid syntax", type: "SyntaxError" }), file: "load_orders.py", kind: "import_error" }),
        ],
      }),
    );
    show();

    expect(await headline()).toHaveTextContent(/^.*Paused by Airflow after too many failed runs/u);
    expect(screen.getByText("load_orders.py does not import")).toBeInTheDocument();
    expect(screen.getByText("SyntaxError")).toBeInTheDocument();
  });

  it("shows task streaks at their bound with a plus", async () => {
    answer(
      "/dags/:dag_id",
      fakeDagDetail({ task_streaks: [fakeTaskStreak({ failed: 7, task_id: "refresh", unsuccessful: 25, unsuccessful_at_bound: true })] }),
    );
    show();
    const row = (await screen.findByRole("link", { name: "refresh" })).closest("tr");

    expect(row).toHaveTextContent("refresh25+7");
  });

  it("has a skeleton until the first answer", async () => {
    hang("/dags/:dag_id");
    show();

    expect(await screen.findByRole("region", { name: "Failing tasks" })).toBeInTheDocument();
    expect(screen.getByRole("status", { name: "Loading" })).toHaveAttribute("aria-busy", "true");
  });

  it("has other words for a Dag that has not run and for runs that the caller may not see", async () => {
    const nothing = { failing_tasks: [], incidents: [], newest_failed_run: null, runs: [], task_streaks: [] };
    const unknown = fakeDagItem({ counting_runs: 0, health: "unknown" });

    answer("/dags/:dag_id", fakeDagDetail({ ...nothing, dag: unknown }));
    const { unmount } = show();
    expect(await headline()).toHaveTextContent("No finished run yet");
    expect(screen.getByText("This Dag has not run yet.")).toBeInTheDocument();
    unmount();
    queryClient.clear();

    answer(
      "/dags/:dag_id",
      fakeDagDetail({ ...nothing, dag: { ...unknown, health: "hidden" }, runs_allowed: false, tasks_allowed: false }),
    );
    show();
    expect(await headline()).toHaveTextContent("You are not allowed to see this Dag’s runs");
    expect(screen.getByText("You are not allowed to see this Dag’s runs.")).toBeInTheDocument();
    expect(screen.getByText("You are not allowed to see this Dag’s task instances.")).toBeInTheDocument();
  });

  it("says when the error text is not for the caller", async () => {
    answer(
      "/dags/:dag_id",
      fakeDagDetail({ failing_tasks: [fakeFailingTask({ error: fakeError({ frame: null, message: null, state: "forbidden", type: null }) })] }),
    );
    show();

    expect(await screen.findByText("You are not allowed to read this Dag's task logs")).toBeInTheDocument();
  });

  it("has other words for forbidden, gone and out of reach", async () => {
    refuse("get", "/dags/:dag_id", 403, "You may not read Dag orders_daily");
    const { unmount } = show();
    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("You are not allowed to see this Dag.");
    unmount();
    queryClient.clear();

    refuse("get", "/dags/:dag_id", 404, "Dag orders_daily is not here, or not yours to see");
    const second = show();
    expect(await screen.findByTestId(testIds.empty)).toHaveTextContent("Dag orders_daily is not here");
    second.unmount();
    queryClient.clear();

    disconnect("/dags/:dag_id");
    show();
    expect(await screen.findByTestId(testIds.failed)).toHaveTextContent("Could not load this Dag.");
  });

  it("keeps what it shows, with its age, while the server is away", async () => {
    answer("/dags/:dag_id", fakeDagDetail());
    show();
    await headline();

    breakDown("/dags/:dag_id");
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.stale)).toHaveTextContent(/HTTP 502.*Showing what was true/u);
    expect(await headline()).toHaveTextContent("Failing for 3 runs");
  });
});
