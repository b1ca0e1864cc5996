import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import type { ErrorDetail } from "src/api/types";
import { testIds } from "src/components/testIds";
import { fakeChanges, fakeElsewhere, fakeIsolation, fakeLogErrorPlace, fakeLogWindow, fakeTaskInstance, fakeTry } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, breakDown, disconnect, hang, refuse } from "src/test/server";

const TASK_INSTANCE = "/dags/:dag_id/runs/:run_id/tasks/:task_id";
const RUN_ID = "scheduled__2026-11-20T09:00:00+00:00";
const PAGE = `/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}/tasks/load`;
const show = (search = "", mapIndex?: string) =>
  renderAt(`${PAGE}${mapIndex === undefined ? "" : `/mapped/${mapIndex}`}/plugin/windsock-task-instance${search}`, {
    dagId: "orders_daily",
    mapIndex: mapIndex ?? "-1",
    runId: RUN_ID,
    taskId: "load",
  });
const headline = () => screen.findByRole("heading", { level: 2 });

const LIBRARY = { code: null, file: "/usr/lib/python3.11/site-packages/airflow/task.py", function: "run", line: 9, own: false };
const OWN = { code: "conn.open()", file: "/opt/dags/load_orders.py", function: "connect", line: 41, own: true };

const errorOf = (error: Partial<ErrorDetail>): ErrorDetail => ({
  certain: true,
  chain: [],
  error_class: null,
  evidence: null,
  frame: null,
  frames: [],
  message: null,
  reason: null,
  signature: null,
  state: "known",
  tail: [],
  title: null,
  type: null,
  ...error,
});

// The parts below what happened have tests of their own.
beforeEach(() => {
  answer(`${TASK_INSTANCE}/elsewhere`, fakeElsewhere());
  answer(`${TASK_INSTANCE}/changes`, fakeChanges());
  answer(`${TASK_INSTANCE}/isolation`, fakeIsolation());
  answer(`${TASK_INSTANCE}/log`, fakeLogWindow([], { log_state: "empty" }));
  answer(`${TASK_INSTANCE}/log/error`, fakeLogErrorPlace());
});

describe("the tab on a task instance's page", () => {
  it("says the state, the try, and the error with its place", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance());
    show();

    expect(await headline()).toHaveTextContent(/Failed after 1 m 02 s on try 3 of 4/u);
    const report = within(screen.getByTestId(testIds.causes));
    expect(report.getByText("ConnectionError")).toBeInTheDocument();
    expect(report.getByText(/^could not connect to warehouse/u)).toBeInTheDocument();
    expect(report.getAllByText("dags/load_orders.py:41 in connect")[0]).toBeInTheDocument();
  });

  it("lets the user's own frames stand out and folds the library's, until they are asked for", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance({ error: errorOf({ frames: [LIBRARY, LIBRARY, OWN], type: "ConnectionError" }) }));
    const user = userEvent.setup();

    show();
    const traceback = within(await screen.findByTestId(testIds.traceback));

    expect(traceback.getByText(/load_orders\.py:41 in connect/u)).toHaveTextContent("your code");
    expect(traceback.getByText("conn.open()")).toBeInTheDocument();
    expect(traceback.queryByText(/airflow\/task\.py/u)).not.toBeInTheDocument();

    await user.click(traceback.getByRole("button", { name: "… 2 library frames" }));
    expect(traceback.getAllByText(/airflow\/task\.py:9 in run/u)).toHaveLength(2);
    expect(screen.getByTestId("address")).toHaveTextContent("?frames=all");
  });

  it("shows all frames where none is the user's own", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance({ error: errorOf({ frames: [LIBRARY, LIBRARY], type: "OSError" }) }));
    show();

    expect(await screen.findAllByText(/airflow\/task\.py:9 in run/u)).toHaveLength(2);
  });

  it("shows the chain of exceptions, the root first", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance({ error: errorOf({ chain: ["OSError: refused", "LoadFailed: gave up"], type: "OSError" }) }));
    show();
    const chain = within(await screen.findByRole("region", { name: "Chain of exceptions" }));

    expect(chain.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["OSError: refused", "LoadFailed: gave up"]);
  });

  it("shows the end of the log and the reason where there is no error", async () => {
    answer(
      TASK_INSTANCE,
      fakeTaskInstance({
        error: errorOf({
          reason: "The task's heartbeat was lost",
          state: "absent",
          tail: [{ level: "info", logger: null, text: "Loaded chunk 12", timestamp: "2026-11-20T09:12:41Z" }],
        }),
      }),
    );
    localStorage.setItem("timezone", '"Asia/Tokyo"');
    show();

    expect(await screen.findByText("The task's heartbeat was lost")).toBeInTheDocument();
    expect(within(screen.getByRole("region", { name: "The end of the log" })).getByRole("listitem")).toHaveTextContent(
      "18:12:41infoLoaded chunk 12",
    );
  });

  it("has other words for an error being read, forbidden, and out of reach", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance({ error: errorOf({ state: "pending" }), pending_errors: 1 }));
    const pending = show();
    expect(await screen.findByRole("status", { name: "Reading the log" })).toBeInTheDocument();
    pending.unmount();
    queryClient.clear();

    answer(TASK_INSTANCE, fakeTaskInstance({ error: errorOf({ state: "forbidden" }) }));
    const forbidden = show();
    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("not allowed to read this Dag’s task logs");
    forbidden.unmount();
    queryClient.clear();

    answer(TASK_INSTANCE, fakeTaskInstance({ error: errorOf({ state: "unreadable" }) }));
    show();
    expect(await screen.findByTestId(testIds.failed)).toHaveTextContent("Could not read the log.");
  });

  it("lets a try be chosen, kept in the address as Airflow's own pages do", async () => {
    answer(TASK_INSTANCE, (params) => {
      const shown = Number(params.get("try_number") ?? "3");

      return fakeTaskInstance({ error: errorOf({ type: `ErrorOfTry${shown}` }), shown_try: shown });
    });
    const user = userEvent.setup();

    show();
    expect(await screen.findByText("ErrorOfTry3")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try 1 failed" }));

    expect(await screen.findByText("ErrorOfTry1")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try 1 failed" })).toHaveAttribute("aria-pressed", "true");
    expect(screen.getByTestId("address")).toHaveTextContent("?try_number=1");
    expect(screen.queryByText("Log of try 3")).not.toBeInTheDocument();
    expect(screen.getByText("Log of try 1")).toHaveAttribute("href", `${PAGE}?try_number=1`);
  });

  it("opens at the try that the address names", async () => {
    answer(TASK_INSTANCE, (params) => fakeTaskInstance({ error: errorOf({ type: `Try${params.get("try_number") ?? "?"}` }) }));
    show("?try_number=2");

    expect(await screen.findByText("Try2")).toBeInTheDocument();
  });

  it("compares the tries side by side and links each to its log in Airflow", async () => {
    answer(
      TASK_INSTANCE,
      fakeTaskInstance({ tries: [fakeTry({ hostname: "worker-3" }), fakeTry({ hostname: "worker-7", try_number: 2 })] }),
    );
    show();
    const tries = within(await screen.findByRole("region", { name: "Tries" }));
    const hosts = within(tries.getByRole("row", { name: /^Host/u })).getAllByRole("cell");

    expect(hosts.map((cell) => cell.textContent)).toEqual(["worker-3", "worker-7"]);
    expect(hosts.map((cell) => cell.title)).toEqual(["", "Another than in the try before"]);
    expect(tries.getByRole("link", { name: "2 · log of this try" })).toHaveAttribute("href", `${PAGE}?try_number=2`);
  });

  it("says how the other instances of a mapped task stand, with the failed ones as links", async () => {
    answer(TASK_INSTANCE, (params) =>
      fakeTaskInstance({
        map_index: Number(params.get("map_index")),
        mapped: { failed_map_indexes: [7, 19], states: { failed: 3, success: 37 } },
        rendered_map_index: "part-0007",
      }),
    );
    show("", "7");
    const failed = within(await screen.findByRole("navigation", { name: "Failed instances" }));

    expect(await headline()).toHaveTextContent("instance 7 (part-0007)");
    expect(failed.getByRole("link", { name: "7" })).toHaveAttribute("aria-current", "page");
    expect(failed.getByRole("link", { name: "19" })).toHaveAttribute("href", `${PAGE}/mapped/19/plugin/windsock-task-instance`);
    expect(failed.getByText("and 1 more")).toBeInTheDocument();
  });

  it("says that a person set the state", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance({ marked_by: "anna", marked_by_person: true }));
    show();

    expect(await headline()).toHaveTextContent("state set by anna");
  });

  it("says that a try did not fail, and that none was made", async () => {
    answer(
      TASK_INSTANCE,
      fakeTaskInstance({ error: null, max_tries: 0, shown_try: 1, state: "success", tries: [fakeTry({ state: "success" })], try_number: 1 }),
    );
    const good = show();
    expect(await headline()).toHaveTextContent(/Succeeded after .* on try 1 of 1/u);
    expect(screen.getByText("Try 1 did not fail (success).")).toBeInTheDocument();
    good.unmount();
    queryClient.clear();

    answer(TASK_INSTANCE, fakeTaskInstance({ error: null, shown_try: 0, state: null, tries: [], try_number: 0 }));
    show();
    expect(await headline()).toHaveTextContent("Not scheduled yet");
    expect(screen.getByText("It has not been tried yet.")).toBeInTheDocument();
  });

  it("has a skeleton until the first answer", async () => {
    hang(TASK_INSTANCE);
    show();

    expect(await screen.findByRole("region", { name: "Traceback" })).toBeInTheDocument();
    expect(screen.getByRole("status", { name: "Loading" })).toBeInTheDocument();
  });

  it("has other words for forbidden, gone and out of reach", async () => {
    refuse("get", TASK_INSTANCE, 403, "You may not read the task instances of orders_daily");
    const forbidden = show();
    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("You are not allowed to see this task instance.");
    forbidden.unmount();
    queryClient.clear();

    refuse("get", TASK_INSTANCE, 404, "This task instance is not here, or not yours to see");
    const gone = show();
    expect(await screen.findByTestId(testIds.empty)).toHaveTextContent("This task instance is not here");
    gone.unmount();
    queryClient.clear();

    disconnect(TASK_INSTANCE);
    show();
    expect(await screen.findByTestId(testIds.failed)).toHaveTextContent("Could not load this task instance.");
  });

  it("keeps what it shows, with its age, while the server is away", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance());
    show();
    await headline();

    breakDown(TASK_INSTANCE);
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.stale)).toBeInTheDocument();
    expect(screen.getByText("ConnectionError")).toBeInTheDocument();
  });
});
