import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse, type JsonBodyType } from "msw";
import { describe, expect, it } from "vitest";

import { testIds } from "src/components/testIds";
import { fakeDagDetail, fakeDagItem } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { accept, answer, refuse, server } from "src/test/server";

const DAG = "/dags/orders_daily/plugin/windsock-dag";
const RUN_ID = "manual__2026-11-20T12:00:00+00:00";

const result = (action: string, runId: string | null = null) => ({
  action,
  dag_id: "orders_daily",
  operation_id: "0123",
  outcome: "done",
  run_id: runId,
});

/** Lets an action take until `finish`, and counts how often it was asked for. */
const hold = (action: string, body: JsonBodyType) => {
  let count = 0;
  let resolve: (() => void) | undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });

  server.use(
    http.post(`http://airflow.test/windsock/api/v1/dags/:dag_id/${action}`, async () => {
      count += 1;
      await promise;

      return HttpResponse.json(body);
    }),
  );

  return {
    count: () => count,
    finish: () => {
      resolve?.();
    },
  };
};

const showDag = async (paused = false) => {
  const state = { paused };

  answer("/dags/:dag_id", () => fakeDagDetail({ dag: fakeDagItem({ dag_id: "orders_daily", paused: state.paused }) }));
  const user = userEvent.setup();

  renderAt(DAG, { dagId: "orders_daily" });
  await screen.findByRole("button", { name: state.paused ? "Unpause" : "Pause" });

  return { state, user };
};

const press = async (user: ReturnType<typeof userEvent.setup>, name: string) => {
  await user.click(screen.getByRole("button", { name }));
};

const openDelete = async (user: ReturnType<typeof userEvent.setup>) => {
  await press(user, "More");
  await user.click(await screen.findByRole("menuitem", { name: "Delete…" }));

  return screen.findByRole("dialog");
};

const fill = async (field: HTMLElement, text: string, user: ReturnType<typeof userEvent.setup>) => {
  await user.clear(field);
  await user.click(field);
  await user.paste(text);
};

describe("triggering a Dag", () => {
  it("sends the configuration and links to the run", async () => {
    const { user } = await showDag();
    const asked = accept("/dags/:dag_id/trigger", result("trigger", RUN_ID));

    await press(user, "Trigger…");
    await fill(await screen.findByLabelText("Configuration (JSON)"), '{"day": "2026-11-20"}', user);
    await fill(screen.getByLabelText("Note"), "for the audit", user);
    await press(user, "Trigger");

    expect(await screen.findByRole("link", { name: RUN_ID })).toHaveAttribute(
      "href",
      `/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}`,
    );
    expect(asked.map(({ body }) => body)).toEqual([
      { conf: { day: "2026-11-20" }, logical_date: null, note: "for the audit" },
    ]);
  });

  it("reads the logical date in the time zone chosen in Airflow", async () => {
    localStorage.setItem("timezone", '"Europe/Berlin"');
    const { user } = await showDag();
    const asked = accept("/dags/:dag_id/trigger", result("trigger", RUN_ID));

    await press(user, "Trigger…");
    await fill(await screen.findByLabelText(/Logical date in Europe\/Berlin/u), "2026-11-20T09:12", user);
    await press(user, "Trigger");
    await screen.findByRole("link", { name: RUN_ID });

    expect(asked[0]?.body).toMatchObject({ logical_date: "2026-11-20T08:12:00.000Z" });
  });

  it("cannot be sent while the configuration is no JSON object, and says why", async () => {
    const { user } = await showDag();

    await press(user, "Trigger…");
    const editor = await screen.findByLabelText("Configuration (JSON)");
    await fill(editor, "[1, 2]", user);

    expect(screen.getByRole("button", { name: "Trigger" })).toBeDisabled();
    expect(editor).toHaveAccessibleDescription("The configuration must be a JSON object: { … }");
  });

  it("shows what Airflow refuses in its own words, keeps what was typed, and may be sent again", async () => {
    const { user } = await showDag();

    refuse("post", "/dags/:dag_id/trigger", 422, "Airflow does not accept this", "Invalid input for param day: 'x' is not a date");
    await press(user, "Trigger…");
    await fill(await screen.findByLabelText("Configuration (JSON)"), '{"day": "x"}', user);
    await press(user, "Trigger");

    expect(await screen.findByRole("alert")).toHaveTextContent("Invalid input for param day: 'x' is not a date");
    expect(screen.getByLabelText("Configuration (JSON)")).toHaveValue('{"day": "x"}');
    expect(screen.getByRole("button", { name: "Trigger" })).toBeEnabled();
  });

  it("makes one run however often and fast it is sent", async () => {
    const { user } = await showDag();
    const held = hold("trigger", result("trigger", RUN_ID));

    await press(user, "Trigger…");
    // The dialog takes the focus a moment after it is shown.
    await user.click(await screen.findByLabelText("Configuration (JSON)"));
    await user.keyboard("{Control>}{Enter}{Enter}{Enter}{/Control}");
    await screen.findByRole("button", { name: "Triggering…" });
    await user.keyboard("{Control>}{Enter}{/Control}");
    held.finish();
    await screen.findByRole("link", { name: RUN_ID });

    expect(held.count()).toBe(1);
  });

  it("closes on Escape and gives the focus back", async () => {
    const { user } = await showDag();

    await press(user, "Trigger…");
    await screen.findByRole("dialog");
    await user.keyboard("{Escape}");

    await waitFor(() => {
      expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    });
    expect(screen.getByRole("button", { name: "Trigger…" })).toHaveFocus();
  });

  it("says that the run of a paused Dag waits", async () => {
    const { user } = await showDag(true);

    await press(user, "Trigger…");

    expect(await screen.findByText(/This Dag is paused: its new run waits/u)).toBeInTheDocument();
  });
});

describe("pausing a Dag", () => {
  it("asks no question, shows the new state, and can be undone", async () => {
    const { state, user } = await showDag();

    server.use(
      http.post("http://airflow.test/windsock/api/v1/dags/:dag_id/:action", ({ params }) => {
        state.paused = params["action"] === "pause";

        return HttpResponse.json(result(String(params["action"])));
      }),
    );
    await press(user, "Pause");
    expect(await screen.findByRole("button", { name: "Unpause" })).toBeInTheDocument();

    await user.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByRole("button", { name: "Pause" })).toBeInTheDocument();
    expect(state.paused).toBe(false);
  });

  it("shows a refusal beside the button and changes nothing on screen", async () => {
    const { user } = await showDag();

    refuse("post", "/dags/:dag_id/pause", 403, "Airflow does not let you do this", "Forbidden");
    await press(user, "Pause");

    const notice = await screen.findByTestId(testIds.actionNotice);
    expect(within(notice).getByRole("alert")).toHaveTextContent("Airflow does not let you do this.Forbidden");
    expect(screen.getByRole("button", { name: "Pause" })).toBeInTheDocument();

    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(screen.queryByTestId(testIds.actionNotice)).not.toBeInTheDocument();
    });
  });

  it("sends one request for two quick presses", async () => {
    const { user } = await showDag();
    const held = hold("pause", result("pause"));

    await user.dblClick(screen.getByRole("button", { name: "Pause" }));
    held.finish();
    await screen.findByTestId(testIds.actionNotice);

    expect(held.count()).toBe(1);
  });
});

describe("deleting a Dag", () => {
  it("waits until its id is typed, to the letter", async () => {
    const { user } = await showDag();
    const asked = accept("/dags/:dag_id/delete", result("delete"));
    const dialog = await openDelete(user);
    const field = within(dialog).getByRole("textbox");
    const button = within(dialog).getByRole("button", { name: "Delete this Dag" });

    await fill(field, "orders_dail", user);
    expect(button).toBeDisabled();
    await user.keyboard("{Enter}");
    expect(asked).toHaveLength(0);

    await fill(field, "orders_daily", user);
    await user.click(button);
    await screen.findByRole("dialog", { name: "Deleted orders_daily" });

    expect(asked.map(({ body }) => body)).toEqual([{ typed_dag_id: "orders_daily" }]);
  });

  it("still says that it is done when the page beneath finds the Dag gone", async () => {
    const { user } = await showDag();

    accept("/dags/:dag_id/delete", result("delete"));
    const dialog = await openDelete(user);
    refuse("get", "/dags/:dag_id", 404, "This Dag is not here, or not yours to see");
    await fill(within(dialog).getByRole("textbox"), "orders_daily", user);
    await user.keyboard("{Enter}");

    expect(await screen.findByText("This Dag is not here, or not yours to see")).toBeInTheDocument();
    expect(screen.getByRole("dialog", { name: "Deleted orders_daily" })).toBeInTheDocument();
  });

  it("shows what Airflow refuses in its own words", async () => {
    const { user } = await showDag();

    refuse("post", "/dags/:dag_id/delete", 409, "Airflow found a conflict with what is there", "Task instances of the Dag are still running");
    const dialog = await openDelete(user);
    await fill(within(dialog).getByRole("textbox"), "orders_daily", user);
    await user.keyboard("{Enter}");

    expect(await within(dialog).findByRole("alert")).toHaveTextContent("Task instances of the Dag are still running");
  });
});
