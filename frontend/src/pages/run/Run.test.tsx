import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import { testIds } from "src/components/testIds";
import { fakeError, fakeRunDetail, fakeRunItem, fakeRunRef, fakeRunTask, hoursAgo } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, breakDown, hang, refuse } from "src/test/server";

const RUN = "/dags/:dag_id/runs/:run_id";
const RUN_ID = "scheduled__2026-11-20T09:00:00+00:00";
const show = (search = "") =>
  renderAt(`/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}/plugin/windsock-run${search}`, {
    dagId: "orders_daily",
    runId: RUN_ID,
  });
const headline = () => screen.findByRole("heading", { level: 2 });

describe("the tab on a run's page", () => {
  it("says what happened: how it ended, what came first and what that took down", async () => {
    answer(RUN, fakeRunDetail({ run: fakeRunItem({ duration_s: 372, queued_s: 14 }) }));
    show();

    expect(await headline()).toHaveTextContent(/Failed after 6 m 12 s.*waited 14 s.*scheduled/u);
    expect(screen.getByTestId(testIds.causes)).toHaveTextContent(
      "First causeload(ConnectionError: could not connect to warehouse dwh-1.internal:5439: Connection refused)→ took downpublish",
    );
  });

  it("lists first causes, then what they took down, then the others", async () => {
    answer(RUN, fakeRunDetail());
    show();
    const table = await screen.findByRole("table", { name: "Tasks of this run" });

    expect(within(table).getAllByRole("rowheader").map((head) => head.textContent)).toEqual([
      "First causes · 1",
      "Taken down: did not run · 1",
      "Other tasks · 1",
    ]);
    expect(within(table).getAllByTestId(testIds.taskRow).map((row) => row.textContent)).toEqual([
      expect.stringMatching(/failedload1\.0 s1 m 02 s3Log of load$/u),
      expect.stringMatching(/upstream failedpublish/u),
      expect.stringMatching(/successextract/u),
    ]);
    expect(within(table).getByRole("link", { name: "Diagnose load" })).toHaveAttribute(
      "href",
      `/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}/tasks/load/plugin/windsock-task-instance`,
    );
    expect(within(table).getByRole("link", { name: "Log of load" })).toHaveAttribute(
      "href",
      `/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}/tasks/load?try_number=3`,
    );
  });

  it("says that a person set the state", async () => {
    answer(RUN, fakeRunDetail({ marked_by: "anna", marked_by_person: true }));
    const { unmount } = show();
    expect(await headline()).toHaveTextContent("state set by anna, not by its tasks");
    unmount();
    queryClient.clear();

    answer(RUN, fakeRunDetail({ marked_by_person: true }));
    show();
    expect(await headline()).toHaveTextContent("state set by a person");
  });

  it("says why a run failed in which no task did, and that this was inferred", async () => {
    answer(RUN, fakeRunDetail({ run_level_cause: { inferred: true, kind: "deadlocked" }, tasks: [fakeRunTask()] }));
    show();

    expect(await screen.findByTestId(testIds.causes)).toHaveTextContent(/deadlocked.*\(inferred\)/u);
  });

  it("says for how long a run runs, and how its tasks stand", async () => {
    answer(
      RUN,
      fakeRunDetail({
        run: fakeRunItem({ duration_s: null, end_date: null, start_date: hoursAgo(0.5), state: "running" }),
        states: { none: 2, running: 1, success: 3 },
        tasks: [fakeRunTask({ duration_s: null, end_date: null, start_date: hoursAgo(0.25), state: "running" })],
      }),
    );
    show();

    expect(await headline()).toHaveTextContent(/Running for 30 m 0\d s/u);
    expect(screen.getByTestId(testIds.causes)).toHaveTextContent("1 ▸running2 ○not scheduled yet3 ✓success");
    expect(screen.getByTestId(testIds.taskRow)).toHaveTextContent(/15 m 0\d s/u);
  });

  it("shows no time for a task that was taken down, although Airflow gives it a start and an end", async () => {
    answer(
      RUN,
      fakeRunDetail({
        tasks: [fakeRunTask({ duration_s: 0, queued_s: null, role: "cascade", state: "upstream_failed", task_id: "publish", try_number: 0 })],
      }),
    );
    show();

    expect(await screen.findByTestId(testIds.taskRow)).toHaveTextContent(/upstream failedpublish–––$/u);
  });

  it("folds mapped instances, and opens the one that failed", async () => {
    answer(
      RUN,
      fakeRunDetail({
        tasks: [
          fakeRunTask({
            error: fakeError({ type: "ValueError" }),
            map_index: 7,
            mapped: true,
            role: "first_cause",
            state: "failed",
            states: { failed: 3, success: 37 },
            task_id: "load_files",
          }),
        ],
      }),
    );
    show();

    expect(await screen.findByTestId(testIds.taskRow)).toHaveTextContent("load_files3 failed of 40");
    expect(screen.getByRole("link", { name: "Diagnose load_files" }).getAttribute("href")).toContain("/tasks/load_files/mapped/7/");
  });

  it("finds tasks by name, keeps the search in the address, and has words for no match", async () => {
    answer(RUN, fakeRunDetail());
    const user = userEvent.setup();

    show("?q=extr");
    expect(await screen.findAllByTestId(testIds.taskRow)).toHaveLength(1);

    await user.keyboard("/");
    expect(screen.getByRole("searchbox")).toHaveFocus();
    await user.clear(screen.getByRole("searchbox"));
    await user.paste("nothing like it");
    expect(await screen.findByTestId(testIds.noMatch)).toHaveTextContent("No tasks match");
    expect(screen.getByTestId("address")).toHaveTextContent("?q=nothing+like+it");

    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(await screen.findAllByTestId(testIds.taskRow)).toHaveLength(3);
  });

  it("leads to the runs beside it and to the last good one", async () => {
    answer(RUN, fakeRunDetail({ newer_run: null, older_run: fakeRunRef({ run_id: "before" }) }));
    show();
    const others = within(await screen.findByRole("navigation", { name: "Other runs" }));

    expect(others.getByRole("link", { name: "‹ older" })).toHaveAttribute("href", "/dags/orders_daily/runs/before/plugin/windsock-run");
    expect(others.getByRole("link", { name: /last good/u })).toBeInTheDocument();
    expect(others.queryByRole("link", { name: "newer ›" })).not.toBeInTheDocument();
  });

  it("has a skeleton until the first answer", async () => {
    hang(RUN);
    show();

    expect(await screen.findByRole("region", { name: "Tasks" })).toBeInTheDocument();
    expect(screen.getByRole("status", { name: "Loading" })).toBeInTheDocument();
  });

  it("has other words for no tasks, tasks that the caller may not see, a forbidden run and one out of reach", async () => {
    answer(RUN, fakeRunDetail({ run: fakeRunItem({ state: "queued" }), states: {}, tasks: [] }));
    const empty = show();
    expect(await screen.findByText("This run has no task instances yet.")).toBeInTheDocument();
    empty.unmount();
    queryClient.clear();

    answer(RUN, fakeRunDetail({ states: {}, tasks: [], tasks_allowed: false }));
    const hidden = show();
    expect(await screen.findByText("You are not allowed to see this Dag’s task instances.")).toBeInTheDocument();
    hidden.unmount();
    queryClient.clear();

    refuse("get", RUN, 403, "You may not read the runs of orders_daily");
    const forbidden = show();
    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("You are not allowed to see this run.");
    forbidden.unmount();
    queryClient.clear();

    breakDown(RUN);
    show();
    expect(await screen.findByTestId(testIds.failed)).toHaveTextContent("Could not load this run.");
  });

  it("keeps what it shows, with its age, while the server is away", async () => {
    answer(RUN, fakeRunDetail());
    show();
    await headline();

    breakDown(RUN);
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.stale)).toBeInTheDocument();
    expect(screen.getAllByTestId(testIds.taskRow)).toHaveLength(3);
  });
});
