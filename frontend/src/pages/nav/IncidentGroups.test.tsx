import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import type { Group, Incident } from "src/api/types";
import { testIds } from "src/components/testIds";
import { fakeError, fakeFailingTask, fakeGroup, fakeIncident, fakeIncidentPage, hoursAgo } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer } from "src/test/server";

const DAGS = ["orders", "clicks", "crm", "revenue", "features"];

const keysOf = (dagIds: ReadonlyArray<string>): Array<string> => dagIds.map((dagId) => `failing:${dagId}`);
const incidentsOf = (dagIds: ReadonlyArray<string>): Array<Incident> => dagIds.map((dagId) => fakeIncident({ dag_id: dagId }));
const other = (dagId: string): Incident => {
  const error = fakeError({ error_class: "data", message: "column `amount` is missing", signature: "1:contract", type: "ContractError" });

  return fakeIncident({ causes: [fakeFailingTask({ error })], dag_id: dagId, error });
};

const show = (address = "/plugin/windsock") => {
  answer("/facets", { owners: [], tags: [] });
  renderAt(address);
};
const showGroup = (group: Partial<Group> = {}, dagIds = DAGS) => {
  answer("/incidents", fakeIncidentPage(incidentsOf(dagIds), { causes: 1, groups: [fakeGroup(keysOf(dagIds), group)] }));
  show();

  return screen.findByTestId(testIds.group);
};
/** The names of the rows in sight, from top to bottom. */
const names = () => screen.getAllByTestId(testIds.incident).map((row) => within(row).getByRole("heading").textContent);

describe("incidents with a cause in common", () => {
  it("stand together below what they share: title, class, how many tasks and Dags, since when", async () => {
    const group = await showGroup({ instances: 60, since: hoursAgo(3), tasks: 14 });
    const head = within(group);

    expect(head.getByRole("heading", { level: 2 })).toHaveTextContent("ConnectionError: could not connect to warehouse");
    expect(head.getAllByText("infrastructure")).toHaveLength(1);
    expect(head.getByText("infrastructure")).toHaveAttribute("title", expect.stringContaining("Connection refused"));
    expect(group).toHaveTextContent(/14 tasks \(60 instances\) in 5 Dags · since .+ \(3 h\) · ongoing/u);
  });

  it.each([
    ["new", { since: hoursAgo(0.5) }],
    ["ongoing", { since: hoursAgo(1.5) }],
    ["came back", { came_back: true, since: hoursAgo(0.5) }],
  ])("say that it is %s", async (words, group) => {
    expect(await showGroup(group)).toHaveTextContent(new RegExp(`· ${words}`, "u"));
  });

  it("show the first three and the rest when asked", async () => {
    await showGroup();
    expect(names()).toEqual(["orders", "clicks", "crm"]);
    await userEvent.click(screen.getByRole("button", { name: "… 2 more" }));

    expect(names()).toEqual(DAGS);
    expect(screen.queryByRole("button", { name: /more$/u })).not.toBeInTheDocument();
  });

  it("say once what the error is, and in each row the task and the way to it", async () => {
    const group = await showGroup({}, ["orders", "clicks"]);
    const [row] = within(group).getAllByTestId(testIds.incident);

    expect(within(group).getAllByText(/could not connect/u)).toHaveLength(1);
    expect(within(row ?? group).getByRole("link", { name: "load" })).toBeInTheDocument();
    expect(within(row ?? group).getByRole("link", { name: "Diagnose" }).getAttribute("href")).toContain("/dags/orders/runs/");
  });

  it("stand where the worst of them does, and others keep their place with their class", async () => {
    answer(
      "/incidents",
      fakeIncidentPage([other("first"), ...incidentsOf(["orders"]), other("between"), ...incidentsOf(["clicks"])], {
        groups: [fakeGroup(keysOf(["orders", "clicks"]))],
      }),
    );
    show();
    await screen.findByTestId(testIds.group);

    expect(names()).toEqual(["first", "orders", "clicks", "between"]);
    expect(screen.getAllByText("data")).toHaveLength(2);
  });

  it("stand once, with the first of several causes, and the others name them", async () => {
    const both = fakeIncident({
      causes: [fakeFailingTask(), ...other("x").causes.map((cause) => ({ ...cause, task_id: "check" }))],
      dag_id: "both",
    });

    answer(
      "/incidents",
      fakeIncidentPage([both, ...incidentsOf(["orders"]), other("late")], {
        groups: [
          fakeGroup(keysOf(["both", "orders"])),
          fakeGroup(keysOf(["both", "late"]), { signature: "1:contract", title: "ContractError: column `amount` is missing" }),
        ],
      }),
    );
    show();
    const [warehouse, contract] = await screen.findAllByTestId(testIds.group);

    expect(names()).toEqual(["both", "orders", "late"]);
    expect(within(warehouse ?? document.body).getByRole("link", { name: "check" })).toBeInTheDocument();
    expect(contract).toHaveTextContent(/also in both, above$/u);
  });

  it("are not a block when it is one alone", async () => {
    answer("/incidents", fakeIncidentPage(incidentsOf(["orders"]), { groups: [fakeGroup(keysOf(["orders"]))] }));
    show();

    expect(await screen.findByTestId(testIds.incident)).toHaveTextContent("infrastructure");
    expect(screen.queryByTestId(testIds.group)).not.toBeInTheDocument();
  });

  it("are taken apart when asked, and the address says so", async () => {
    await showGroup();
    await userEvent.click(screen.getByRole("button", { name: "each" }));

    expect(screen.queryByTestId(testIds.group)).not.toBeInTheDocument();
    expect(names()).toEqual(DAGS);
    expect(screen.getByTestId("address")).toHaveTextContent(/\?group=none$/u);
  });

  it("are counted at the top with their causes, and with a filter beside it", async () => {
    answer("/incidents", (params) =>
      fakeIncidentPage(incidentsOf(DAGS), { causes: 2, pending_errors: params.get("q") === null ? 0 : 1 }),
    );
    show();
    expect(await screen.findByTestId(testIds.totals)).toHaveTextContent(/^5 incidents, 2 causes9 Dags failing/u);
    await userEvent.type(screen.getByRole("searchbox", { name: "Search" }), "o");

    expect(await screen.findByText("5 match, 2 causes so far")).toBeInTheDocument();
    expect(screen.getByTestId(testIds.totals)).toHaveTextContent(/^5 incidents9 Dags/u);
  });

  it("keep their places until every error is known", async () => {
    const pending = fakeError({ error_class: null, evidence: null, signature: null, state: "pending", title: null });
    const reading = fakeIncident({ causes: [fakeFailingTask({ error: pending })], dag_id: "reading", error: pending });
    const groups = [fakeGroup(keysOf(["orders", "clicks"]))];

    answer("/incidents", fakeIncidentPage([...incidentsOf(["orders"]), reading, ...incidentsOf(["clicks"])], { groups }));
    show();
    await screen.findAllByTestId(testIds.incident);
    expect(names()).toEqual(["orders", "reading", "clicks"]);
    answer("/incidents", fakeIncidentPage([...incidentsOf(["orders"]), other("reading"), ...incidentsOf(["clicks"])], { groups }));
    await queryClient.refetchQueries();
    await screen.findByTestId(testIds.group);

    expect(names()).toEqual(["orders", "clicks", "reading"]);
  });

  it("keep their places under the pointer", async () => {
    answer("/incidents", fakeIncidentPage(incidentsOf(["orders", "crm", "clicks"])));
    show();
    await userEvent.hover((await screen.findAllByTestId(testIds.incident))[0] ?? document.body);
    answer(
      "/incidents",
      fakeIncidentPage(incidentsOf(["orders", "crm", "clicks"]), { causes: 2, groups: [fakeGroup(keysOf(["orders", "clicks"]))] }),
    );
    await queryClient.refetchQueries();
    await waitFor(() => {
      expect(screen.getByTestId(testIds.totals)).toHaveTextContent(/^3 incidents, 2 causes/u);
    });
    expect(names()).toEqual(["orders", "crm", "clicks"]);
    await userEvent.unhover(screen.getByTestId(testIds.incidents));

    expect(names()).toEqual(["orders", "clicks", "crm"]);
  });

  it("count those on later pages, and fetch them when asked", async () => {
    const all = Array.from({ length: 60 }, (_, index) => fakeIncident({ dag_id: `dag_${index}` }));
    const groups = [fakeGroup(keysOf(["dag_0", "dag_1", "dag_2", "dag_3", "dag_55"]))];

    answer("/incidents", (params) => {
      const offset = Number(params.get("offset"));

      return fakeIncidentPage(all.slice(offset, offset + 50), { groups, matching: 60, offset });
    });
    show();
    await screen.findByTestId(testIds.group);
    await userEvent.click(screen.getByRole("button", { name: "… 2 more" }));
    await userEvent.click(screen.getByRole("button", { name: "… 1 more" }));

    expect(await screen.findByText("dag_55")).toBeInTheDocument();
    expect(names().slice(0, 5)).toEqual(["dag_0", "dag_1", "dag_2", "dag_3", "dag_55"]);
  });
});

describe("a row of an incident", () => {
  const open = async (error: Parameters<typeof fakeError>[0] = {}) => {
    const line = fakeError(error);

    answer("/incidents", fakeIncidentPage([fakeIncident({ causes: [fakeFailingTask({ error: line })], error: line })]));
    show();
    await screen.findByTestId(testIds.incident);
    await userEvent.click(screen.getByRole("button", { name: "The error of orders_daily in full" }));

    return screen.getByTestId(testIds.errorDetails);
  };

  it("opens in place: the user's own line, and what tells the class", async () => {
    const details = await open();

    expect(details).toHaveTextContent("dags/load_orders.py:41 in connect · your code");
    expect(details).toHaveTextContent("conn.open()");
    expect(details).toHaveTextContent(/infrastructure.*told by.*Connection refused/u);
  });

  it("opens and closes by key and by click, and Escape closes what opened last", async () => {
    answer("/incidents", fakeIncidentPage(incidentsOf(["orders", "clicks"])));
    show();
    const [row] = await screen.findAllByTestId(testIds.incident);
    const count = () => screen.queryAllByTestId(testIds.errorDetails).length;

    // The page listens to keys a moment after it is drawn.
    await waitFor(async () => {
      await userEvent.keyboard("k");
      expect(row).toHaveFocus();
    });
    await userEvent.keyboard("e");
    expect(await within(row ?? document.body).findByTestId(testIds.errorDetails)).toBeInTheDocument();
    await userEvent.keyboard("je");
    expect(count()).toBe(2);
    await userEvent.keyboard("{Escape}");
    expect(within(row ?? document.body).getByTestId(testIds.errorDetails)).toBeInTheDocument();
    expect(count()).toBe(1);
    await userEvent.keyboard("ke");
    expect(count()).toBe(0);
    await userEvent.click(screen.getAllByText(/Failing for/u)[0] ?? document.body);
    expect(count()).toBe(1);
  });

  it("says what was explained without a log", async () => {
    const details = await open({
      error_class: "killed",
      evidence: "Task instance heartbeat lost",
      frame: null,
      message: null,
      reason: "The worker stopped sending heartbeats.",
      signature: "1:heartbeat",
      state: "absent",
      title: "Heartbeat lost",
      type: null,
    });

    expect(details).toHaveTextContent("The worker stopped sending heartbeats.Explained without a log");
    expect(details).toHaveTextContent("killed");
  });

  it("says that it is the last error in the log, not the one that ended the try", async () => {
    expect(await open({ certain: false })).toHaveTextContent("The last error in the log, which does not say how the try ended");
  });
});
