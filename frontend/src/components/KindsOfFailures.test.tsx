import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { testIds } from "src/components/testIds";
import { fakeDagDetail, fakeSighting, fakeSignatureCount, fakeSignatures, fakeTaskDetail } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer } from "src/test/server";

const SIGNATURES = "/dags/:dag_id/signatures";

const showDag = (signatures: Parameters<typeof fakeSignatures>[0] = {}) => {
  answer("/dags/:dag_id", fakeDagDetail());
  answer(SIGNATURES, fakeSignatures(signatures));
  renderAt("/dags/orders_daily/plugin/windsock-dag", { dagId: "orders_daily" });

  return screen.findByTestId(testIds.kindsOfFailures);
};

describe("the kinds of failures", () => {
  it("say of a Dag what failed, of which class, in how many runs and which tasks, and lead to the newest", async () => {
    const section = within(
      await showDag({ items: [fakeSignatureCount({ newest: fakeSighting({ map_index: 7 }), task_ids: ["load", "publish", "report"] })] }),
    );
    const row = (await section.findByText(/could not connect to warehouse/u)).closest("tr");

    expect(row).toHaveTextContent(/infrastructure.*load, publish and 1 more.*3 of 25/u);
    expect(section.getByText("infrastructure")).toHaveAttribute("title", expect.stringContaining("Told by: Connection refused"));
    expect(section.getByRole("link", { name: /^Diagnose/u }).getAttribute("href")).toMatch(
      /\/tasks\/load\/mapped\/7\/plugin\/windsock-task-instance$/u,
    );
  });

  it("are of one task on its tab, which needs no column for it", async () => {
    answer("/dags/:dag_id/tasks/:task_id", fakeTaskDetail());
    answer(SIGNATURES, (params) => fakeSignatures({ items: [fakeSignatureCount({ title: `of ${params.get("task_id") ?? ""}` })], task_id: "load" }));
    renderAt("/dags/orders_daily/tasks/load/plugin/windsock-task", { dagId: "orders_daily", taskId: "load" });

    expect(await screen.findByText("of load")).toBeInTheDocument();
    const table = within(screen.getByRole("table", { name: "Kinds of failures" }));
    expect(table.queryByRole("columnheader", { name: "Tasks" })).not.toBeInTheDocument();
  });

  it("say how often a retry was needed", async () => {
    const section = within(await showDag({ finished_runs: 25, flaky_runs: 3 }));

    expect(await section.findByText(/flaky: 3 of 25 runs needed a retry/u)).toBeInTheDocument();
  });

  it.each([
    ["No task failed in the last 25 runs.", { failed_runs: 0, items: [] }],
    ["No run yet.", { failed_runs: 0, items: [], runs: 0 }],
    ["In 2 of the last 25 runs a task failed, and nothing is known of why.", { failed_runs: 2, items: [] }],
    ["40 more failures whose log was not read: there are too many.", { unread: 40 }],
  ])("say: %s", async (words, signatures) => {
    expect(await within(await showDag(signatures)).findByText(words)).toBeInTheDocument();
  });

  it("name nothing to those who may not read the logs", async () => {
    const section = within(await showDag({ allowed: false, items: [], unread: 3 }));

    expect(await section.findByText(/^You are not allowed to read this Dag’s task logs.*3 of the last 25 runs have a failed task/u)).toBeInTheDocument();
    expect(section.queryByRole("table")).not.toBeInTheDocument();
  });

  it("are asked for again while logs are read", async () => {
    let asked = 0;

    answer("/dags/:dag_id", fakeDagDetail());
    answer(SIGNATURES, () => {
      asked += 1;

      return asked === 1 ? fakeSignatures({ items: [], pending_errors: 2 }) : fakeSignatures();
    });
    renderAt("/dags/orders_daily/plugin/windsock-dag", { dagId: "orders_daily" });

    expect(await screen.findByText("Reading 2 logs …")).toBeInTheDocument();
    const section = within(screen.getByTestId(testIds.kindsOfFailures));
    expect(await section.findByText(/could not connect to warehouse/u)).toBeInTheDocument();
    expect(section.queryByText(/Reading/u)).not.toBeInTheDocument();
  });
});
