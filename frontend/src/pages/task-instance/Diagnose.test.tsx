import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { testIds } from "src/components/testIds";
import {
  fakeChanges,
  fakeElsewhere,
  fakeError,
  fakeIsolation,
  fakeLogErrorPlace,
  fakeLogWindow,
  fakeSighting,
  fakeTaskInstance,
  fakeTry,
} from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, refuse } from "src/test/server";

const TASK_INSTANCE = "/dags/:dag_id/runs/:run_id/tasks/:task_id";
const RUN_ID = "scheduled__2026-11-20T09:00:00+00:00";
const PAGE = `/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}/tasks/load/plugin/windsock-task-instance`;

const show = () => renderAt(PAGE, { dagId: "orders_daily", mapIndex: "-1", runId: RUN_ID, taskId: "load" });
const section = async (name: string) => within(await screen.findByRole("region", { name }));

beforeAll(async () => {
  await Promise.all([import("src/pages/task-instance/TaskInstance"), import("src/pages/task-instance/log/Log")]);
}, 30_000);

beforeEach(() => {
  answer(TASK_INSTANCE, fakeTaskInstance());
  answer(`${TASK_INSTANCE}/elsewhere`, fakeElsewhere());
  answer(`${TASK_INSTANCE}/changes`, fakeChanges());
  answer(`${TASK_INSTANCE}/isolation`, fakeIsolation());
  answer(`${TASK_INSTANCE}/log`, fakeLogWindow([], { log_state: "empty" }));
  answer(`${TASK_INSTANCE}/log/error`, fakeLogErrorPlace());
});

describe("what the tab says about a failure", () => {
  it("names its kind, and the line that made us say so when asked", async () => {
    show();
    const report = within(await screen.findByTestId(testIds.causes));

    await userEvent.click(report.getByRole("button", { name: /infrastructure/u }));
    expect(report.getByText(/Told by:/u)).toHaveTextContent("could not connect to warehouse dwh-1.internal:5439: Connection refused");
  });

  it("says when it is not certain", async () => {
    const error = { ...fakeError(), certain: false, chain: [], frames: [], tail: [] };

    answer(TASK_INSTANCE, fakeTaskInstance({ error }));
    show();

    expect(await screen.findByText(/^Not certain:/u)).toBeInTheDocument();
  });

  it("says what ended the try also where there is no error text", async () => {
    const error = {
      ...fakeError({ error_class: "killed", frame: null, message: null, reason: "The worker was lost", state: "absent", type: null }),
      chain: [],
      frames: [],
      tail: [],
    };

    answer(TASK_INSTANCE, fakeTaskInstance({ error }));
    show();

    expect(await screen.findByText("The worker was lost")).toBeInTheDocument();
    expect(screen.getByText(/Told without an error text/u)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: /killed/u })).toBeInTheDocument();
  });

  it("says where else it is seen, with the way there", async () => {
    const other = fakeSighting({ dag_id: "clicks_hourly", run_id: "scheduled__1", task_id: "load_clicks" });

    answer(`${TASK_INSTANCE}/elsewhere`, fakeElsewhere({ dags: 5, others: [other], tasks: 14 }));
    show();
    const summary = await screen.findByText(/^Same failure:/u);

    expect(summary).toHaveTextContent(/Same failure: 13 other tasks in 5 Dags since/u);
    await userEvent.click(summary);
    expect(screen.getByRole("link", { name: "load_clicks" })).toHaveAttribute(
      "href",
      "/dags/clicks_hourly/runs/scheduled__1/tasks/load_clicks/plugin/windsock-task-instance",
    );
  });

  it("says of each try whether it failed alike", async () => {
    answer(
      TASK_INSTANCE,
      fakeTaskInstance({
        tries: [
          fakeTry({ error: fakeError({ signature: "v1:other" }) }),
          fakeTry({ error: fakeError(), try_number: 2 }),
          fakeTry({ error: fakeError(), try_number: 3 }),
        ],
      }),
    );
    show();
    const cells = within((await section("Tries")).getByRole("row", { name: /^Failure/u })).getAllByRole("cell");

    expect(cells.map((cell) => cell.textContent)).toEqual(["another failure", "same failure", "this one"]);
  });
});

describe("since its last success", () => {
  const version = (number: number) => ({
    bundle_name: null,
    bundle_version: null,
    created_at: "2026-11-20T08:00:00Z",
    id: String(number),
    number,
  });
  const change = { after: "orders_20261120", after_s: null, before: "orders_20261119", before_s: null, kind: "field", what: "table" } as const;

  it("lists what is different, the Dag versions with the way to their code", async () => {
    answer(
      `${TASK_INSTANCE}/changes`,
      fakeChanges({
        changes: [{ ...change, after: "15", before: "14", kind: "version", what: "version" }, change, { ...change, after: null, after_s: 600, before: null, before_s: 60, kind: "upstream", what: "extract" }],
        fields_note: "Airflow has dropped something",
        version_after: version(15),
        version_before: version(14),
      }),
    );
    show();
    const part = await section("Since its last success");

    expect(await part.findByRole("row", { name: /^field table/u })).toHaveTextContent("field tableorders_20261119→orders_20261120");
    expect(part.getByRole("link", { name: "15" })).toHaveAttribute("href", "/dags/orders_daily/code?version_number=15");
    expect(part.getByRole("row", { name: /^upstream extract/u })).toHaveTextContent("1 m 00 s→10 m 00 s");
    expect(part.getByText("Airflow has dropped something.")).toBeInTheDocument();
  });

  it("has words for nothing changed, for no success, and for not allowed", async () => {
    const nothing = show();
    expect(await (await section("Since its last success")).findByText("Nothing that Airflow keeps has changed.")).toBeInTheDocument();
    nothing.unmount();
    const { queryClient } = await import("src/api/queryClient");

    queryClient.clear();
    answer(`${TASK_INSTANCE}/changes`, fakeChanges({ last_success: null, searched_runs: 100 }));
    const never = show();
    expect(await screen.findByText(/succeeded in none of the 100 runs before/u)).toBeInTheDocument();
    never.unmount();

    queryClient.clear();
    refuse("get", `${TASK_INSTANCE}/changes`, 403, "You may not read the task instances of orders_daily");
    show();
    expect(await screen.findByText(/You are not allowed to see what it was given/u)).toBeInTheDocument();
  });
});

describe("what it runs in", () => {
  it("says kind, Python and requirements: pinned, unpinned, clashing", async () => {
    answer(
      `${TASK_INSTANCE}/isolation`,
      fakeIsolation({
        cached: false,
        clashes: 1,
        kind: "virtualenv",
        python_version: "3.11",
        requirements: [
          { airflow_has: "2.3.3", clash: true, name: "pandas", pinning: "pinned", text: "pandas==2.2.2" },
          { airflow_has: null, clash: false, name: "requests", pinning: "unpinned", text: "requests" },
        ],
        requirements_state: "kept",
        unpinned: 1,
      }),
    );
    show();
    const part = await section("Runs in");
    const items = await part.findAllByRole("listitem");

    expect(items.map((item) => item.textContent)).toEqual(["pandas==2.2.2 ✓ pinned · clashes with Airflow’s 2.3.3", "requests ⚠ unpinned"]);
    expect(part.getByText(/^a virtualenv$/u).parentElement).toHaveTextContent("a virtualenvPython 3.11made anew for each run");
    expect(part.getByText("⚠ 1 unpinned · ⚠ 1 clashes with Airflow’s pins")).toBeInTheDocument();
    expect(part.getByText("The task's packages agree with Airflow's")).toBeInTheDocument();
  });
});
