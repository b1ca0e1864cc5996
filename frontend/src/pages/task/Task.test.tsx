import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import { testIds } from "src/components/testIds";
import { fakeSignatures, fakeTaskDetail, fakeTaskRun, fakeTaskStreak } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, breakDown, disconnect, hang, refuse } from "src/test/server";

const TASK = "/dags/:dag_id/tasks/:task_id";
const NO_STREAK = { failed: 0, unsuccessful: 0 };
const show = (search = "") => {
  answer("/dags/:dag_id/signatures", fakeSignatures({ failed_runs: 0, items: [], task_id: "load" }));

  return renderAt(`/dags/orders_daily/tasks/load/plugin/windsock-task${search}`, { dagId: "orders_daily", taskId: "load" });
};
const headline = () => screen.findByRole("heading", { level: 2 });

describe("the tab on a task's page", () => {
  it.each([
    [{ failed: 3, unsuccessful: 3 }, "Failed in 3 runs without a success since"],
    [{ failed: 1, unsuccessful: 1 }, "Failed in 1 run without a success since"],
    [{ failed: 25, failed_at_bound: true, unsuccessful: 25, unsuccessful_at_bound: true }, "Failed in 25+ runs without a success since"],
    [{ failed: 2, unsuccessful: 3 }, "Unsuccessful in 3 runs without a success since: 2 failed, 1 up for retry"],
    [{ failed: 0, unsuccessful: 1 }, "Waits for a retry in 1 run"],
    [NO_STREAK, "No failure without a success since"],
  ])("says the streak %o in words", async (streak, words) => {
    answer(TASK, fakeTaskDetail({ streak: fakeTaskStreak(streak) }));
    show();

    expect(await headline()).toHaveTextContent(words);
  });

  it("shows the error of the newest failure and the way to it", async () => {
    answer(TASK, fakeTaskDetail());
    show();

    expect(await screen.findByText("ConnectionError")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Diagnose load" }).getAttribute("href")).toContain("/tasks/load/plugin/windsock-task-instance");
  });

  it("shows the task in every run: state, wait, duration, tries and host, as a bar and as a row", async () => {
    answer(TASK, fakeTaskDetail({ runs: [fakeTaskRun({ duration_s: 62, hostname: "worker-3", queued_s: 14, try_number: 3 })] }));
    show();

    expect(await screen.findByTestId(testIds.taskRow)).toHaveTextContent(/failed14 s1 m 02 s3worker-3Diagnose scheduled__/u);
    expect(within(screen.getByTestId(testIds.runBars)).getByRole("link")).toHaveAccessibleName(/failed after 1 m 02 s · waited 14 s/u);
  });

  it("counts the instances of a mapped task", async () => {
    answer(TASK, fakeTaskDetail({ runs: [fakeTaskRun({ map_index: 7, states: { failed: 3, success: 37 } })] }));
    show();

    expect(await screen.findByTestId(testIds.taskRow)).toHaveTextContent("3 failed of 40");
    expect(screen.getByRole("link", { name: /^Diagnose scheduled/u }).getAttribute("href")).toContain("/mapped/7/");
  });

  it("keeps the number of runs in the address and asks for as many", async () => {
    answer(TASK, (params) => fakeTaskDetail({ operator: `Operator${params.get("runs") ?? ""}` }));
    const user = userEvent.setup();

    show();
    expect(await screen.findByText("Operator25")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "100" }));

    expect(await screen.findByText("Operator100")).toBeInTheDocument();
    expect(screen.getByTestId("address")).toHaveTextContent("?runs=100");
  });

  it("has a skeleton until the first answer", async () => {
    hang(TASK);
    show();

    expect(await screen.findByRole("region", { name: "Over the runs" })).toBeInTheDocument();
    expect(screen.getByRole("status", { name: "Loading" })).toBeInTheDocument();
  });

  it("has other words for a task without runs, a forbidden one and one out of reach", async () => {
    answer(
      TASK,
      fakeTaskDetail({
        error: null,
        error_run_id: null,
        finished_runs: 0,
        median_duration_s: null,
        runs: [],
        streak: fakeTaskStreak(NO_STREAK),
        success_runs: 0,
      }),
    );
    const empty = show();
    expect(await headline()).toHaveTextContent("Has not run yet");
    expect(screen.getByText("This task is in none of the newest runs.")).toBeInTheDocument();
    empty.unmount();
    queryClient.clear();

    refuse("get", TASK, 403, "You may not read the task instances of orders_daily");
    const forbidden = show();
    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("You are not allowed to see this task.");
    forbidden.unmount();
    queryClient.clear();

    disconnect(TASK);
    show();
    expect(await screen.findByTestId(testIds.failed)).toHaveTextContent("Could not load this task.");
  });

  it("keeps what it shows, with its age, while the server is away", async () => {
    answer(TASK, fakeTaskDetail());
    show();
    await headline();

    breakDown(TASK);
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.stale)).toBeInTheDocument();
    expect(screen.getAllByTestId(testIds.taskRow)).toHaveLength(2);
  });
});
