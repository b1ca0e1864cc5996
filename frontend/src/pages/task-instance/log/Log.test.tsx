import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { LogLine } from "src/api/types";
import { testIds } from "src/components/testIds";
import {
  fakeChanges,
  fakeElsewhere,
  fakeIsolation,
  fakeLogErrorPlace,
  fakeLogHit,
  fakeLogLine,
  fakeLogSearch,
  fakeLogWindow,
  fakeTaskInstance,
  fakeTry,
} from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, refuse } from "src/test/server";

const TASK_INSTANCE = "/dags/:dag_id/runs/:run_id/tasks/:task_id";
const LOG = `${TASK_INSTANCE}/log`;
const RUN_ID = "scheduled__2026-11-20T09:00:00+00:00";
const PAGE = `/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}/tasks/load/plugin/windsock-task-instance`;

const show = (search = "") => renderAt(`${PAGE}${search}`, { dagId: "orders_daily", mapIndex: "-1", runId: RUN_ID, taskId: "load" });

/** Lines of a hundred bytes each. */
const linesOf = (...texts: ReadonlyArray<string>): Array<LogLine> =>
  texts.map((text, index) => fakeLogLine({ offset: index * 100, text }));

/** Answers the reader as the server does, and tells what it was asked for. */
const answerLog = (lines: Array<LogLine>, window: Parameters<typeof fakeLogWindow>[1] = {}) => {
  const asked: Array<string> = [];

  answer(LOG, (params) => {
    params.delete("map_index");
    params.delete("try_number");
    asked.push(params.toString());

    return fakeLogWindow(lines, window);
  });

  return asked;
};

const texts = () => screen.getAllByTestId(testIds.logLine).map((line) => line.textContent);

// The reader is fetched when it is first shown, which takes a while on a busy machine.
beforeAll(async () => {
  await Promise.all([import("src/pages/task-instance/TaskInstance"), import("src/pages/task-instance/log/Log")]);
}, 30_000);

beforeEach(() => {
  answer(TASK_INSTANCE, fakeTaskInstance());
  answer(`${TASK_INSTANCE}/elsewhere`, fakeElsewhere());
  answer(`${TASK_INSTANCE}/changes`, fakeChanges());
  answer(`${TASK_INSTANCE}/isolation`, fakeIsolation());
  answer(`${LOG}/error`, fakeLogErrorPlace());
  localStorage.setItem("timezone", '"Asia/Tokyo"');
});

describe("the log of a try", () => {
  it("opens at its end, with times in the zone chosen in Airflow", async () => {
    const asked = answerLog(linesOf("Loaded chunk 11", "Loaded chunk 12"));

    show();
    const lines = await screen.findAllByTestId(testIds.logLine);

    expect(asked[0]).toBe("");
    expect(lines.map((line) => line.textContent)).toEqual([
      expect.stringMatching(/^18:12:41info.*Loaded chunk 11/u),
      expect.stringMatching(/^18:12:41info.*Loaded chunk 12/u),
    ]);
  });

  it("goes to the error once it is found, reading around it when it is far away", async () => {
    const all = linesOf("one", "two", "boom", "four");

    answer(LOG, (params) =>
      params.get("around") === "200" ? fakeLogWindow(all) : fakeLogWindow(all.slice(3), { at_start: false, size_bytes: 400 }),
    );
    // The line before the end is asked for as the reader fills its picture: it comes empty here.
    answer(`${LOG}/error`, fakeLogErrorPlace({ offset: 200, state: "found" }));
    show();

    await waitFor(() => {
      expect(screen.getByText("boom").closest("[aria-current=location]")).not.toBeNull();
    });
  });

  it("stays where it is when the try did not fail, and says so when the error is asked for", async () => {
    answer(TASK_INSTANCE, fakeTaskInstance({ error: null, state: "success", tries: [fakeTry({ state: "success", try_number: 3 })] }));
    answer(`${LOG}/error`, fakeLogErrorPlace({ reason: "No error stands in the log.", state: "none" }));
    answerLog(linesOf("fine"));
    show();
    await screen.findByText("fine");

    await userEvent.click(screen.getByRole("button", { name: "⇤ Error" }));
    expect(await screen.findByText("No error stands in the log.")).toBeInTheDocument();
  });

  it("loads earlier lines above what it shows", async () => {
    const all = linesOf("first", "second", "third");

    answer(LOG, (params) =>
      params.get("before") === "100"
        ? fakeLogWindow(all.slice(0, 1), { size_bytes: 300 })
        : fakeLogWindow(all.slice(1), { at_start: false }),
    );
    show();

    await screen.findByText("first");
    expect(texts().map((text) => text.slice(12))).toEqual([
      expect.stringContaining("first"),
      expect.stringContaining("second"),
      expect.stringContaining("third"),
    ]);
  });

  it("searches from the end, lists the matches with their places and jumps to them", async () => {
    const asked = answerLog(linesOf("start", "refused", "end"));
    const searched: Array<string> = [];

    answer(`${LOG}/search`, (params) => {
      searched.push(`${params.get("q") ?? ""} ${params.get("regex") ?? ""} ${params.get("backward") ?? ""}`);

      return fakeLogSearch([fakeLogHit({ at: 100_150, offset: 100_100 })]);
    });
    const user = userEvent.setup();

    show();
    await screen.findByText("start");
    await user.keyboard("/");
    await user.keyboard("dwh-1");
    const hits = within(await screen.findByTestId(testIds.logHits));

    expect(searched).toEqual(["dwh-1 false true"]);
    expect(await hits.findByText("1 line")).toBeInTheDocument();
    await user.click(hits.getByRole("button", { name: /Connection to dwh-1 refused/u }));

    await waitFor(() => {
      expect(asked).toContain("around=100150");
    });
    expect(screen.getByTestId("address")).toHaveTextContent("log_at=100150");
  });

  it("says in place what is wrong with a pattern", async () => {
    answerLog(linesOf("start"));
    refuse("get", `${LOG}/search`, 422, "missing ): (");
    show(`?log_q=${encodeURIComponent("(")}&log_regex=1`);

    expect(await screen.findByRole("alert")).toHaveTextContent("missing ): (");
    expect(await screen.findByText("start")).toBeInTheDocument();
  });

  it("filters by level, by the server, and says when nothing passes", async () => {
    answer(LOG, (params) =>
      params.getAll("level").includes("error") ? fakeLogWindow([], { end_offset: 100, size_bytes: 100 }) : fakeLogWindow(linesOf("plain")),
    );
    const user = userEvent.setup();

    show();
    await screen.findByText("plain");
    await user.click(screen.getByRole("button", { name: /level/u }));
    await user.click(await screen.findByRole("menuitemcheckbox", { name: "error" }));

    expect(await screen.findByText("No line of the log passes the filter.")).toBeInTheDocument();
    expect(screen.getByTestId("address")).toHaveTextContent("log_level=error");
  });

  it("follows a log that grows, from where it ended", async () => {
    const all = linesOf("first", "second");

    answer(LOG, (params) =>
      params.get("offset") === "100"
        ? fakeLogWindow(all.slice(1), { at_start: false })
        : fakeLogWindow(all.slice(0, 1), { ask_again_s: 0.05, growing: true }),
    );
    show();

    expect(await screen.findByText("second")).toBeInTheDocument();
    expect(screen.getByText("first")).toBeInTheDocument();
  });

  it("begins again when another log stands in its place", async () => {
    let asked = 0;

    answer(LOG, () => {
      asked += 1;

      return asked === 1
        ? fakeLogWindow(linesOf("old"), { ask_again_s: 0.05, growing: true, log_id: "a" })
        : fakeLogWindow(linesOf("new"), { log_id: "b" });
    });
    show();

    expect(await screen.findByText("new")).toBeInTheDocument();
    expect(screen.queryByText("old")).not.toBeInTheDocument();
    expect(screen.getByText("The log was replaced while it was read: this is the new one.")).toBeInTheDocument();
  });

  it("shows hostile text as text", async () => {
    answerLog(linesOf('<img src=x onerror="document.title=1"><script>document.title=2</script>', "a\u0000b\u202Ec"));
    show();
    const log = await screen.findByTestId(testIds.log);

    expect(log).toHaveTextContent('<img src=x onerror="document.title=1"><script>document.title=2</script>');
    expect(log.querySelector("img, script")).toBeNull();
    expect(log).toHaveTextContent("a␀b‹U+202E›c");
    expect(document.title).toBe("");
  });

  it("shows the colours of a terminal", async () => {
    answerLog(linesOf("\u001B[32mPASS\u001B[0m ok"));
    show();
    const green = await screen.findByText("PASS");

    expect(green).toHaveAttribute("style", expect.stringContaining("color"));
    expect(green.parentElement).toHaveTextContent("PASS ok");
  });

  it("cuts a very long line, and shows the rest when asked", async () => {
    answerLog([fakeLogLine({ length_bytes: 100_000, text: `${"x".repeat(9000)}the end` })]);
    show();
    const line = await screen.findByTestId(testIds.logLine);

    expect(line).not.toHaveTextContent("the end");
    await userEvent.click(within(line).getByRole("button", { name: /show the rest/u }));
    expect(line).toHaveTextContent("the end");
  });

  it("reads a line in full that a filter gave only the beginning of", async () => {
    answer(LOG, (params) =>
      params.get("offset") === "0" && params.getAll("level").length === 0
        ? fakeLogWindow(linesOf("all of it"))
        : fakeLogWindow([fakeLogLine({ shortened: true, text: "all" })]),
    );
    show("?log_level=info");
    const line = await screen.findByTestId(testIds.logLine);

    await userEvent.click(within(line).getByRole("button", { name: /show the rest/u }));
    expect(await screen.findByText("all of it")).toBeInTheDocument();
  });

  it("has other words for not allowed, missing, empty, late and out of reach", async () => {
    refuse("get", LOG, 403, "You may not read the task logs of orders_daily");
    const forbidden = show();
    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("You are not allowed to see the logs of this task.");
    forbidden.unmount();

    answerLog([], { ask_again_s: 30, log_state: "missing", notes: ["Looked in /logs"], reason: "No log of this try was found." });
    const missing = show();
    expect(await screen.findByTestId(testIds.empty)).toHaveTextContent(
      "There is no log of this try.No log of this try was found.Looked in /logsWindsock looks again every 30 s.",
    );
    missing.unmount();

    answerLog([], { log_state: "empty" });
    const empty = show();
    expect(await screen.findByTestId(testIds.empty)).toHaveTextContent("The log is empty.");
    empty.unmount();

    answerLog([], { ask_again_s: 15, log_state: "timed_out", reason: "The log store has not answered for 30 s." });
    show();
    expect(await screen.findByTestId(testIds.failed)).toHaveTextContent("The log store did not answer in time.");
    expect(screen.getByRole("link", { name: "Airflow’s own log page" })).toBeInTheDocument();
  });

  it("compares two tries side by side", async () => {
    answerLog(linesOf("start"));
    const side = { ...fakeLogErrorPlace(), lines: 3, start_offset: 0 };
    const text = (words: string) => ({ level: null, offset: 0, shortened: false, text: words });

    answer(`${LOG}/compare`, {
      differences: 2,
      exact: true,
      left: { ...side, try_number: 3 },
      right: { ...side, try_number: 1 },
      rows: [
        { hidden_lines: 12, kind: "hidden", left: null, right: null },
        { hidden_lines: 0, kind: "left", left: text("host worker-7"), right: null },
        { hidden_lines: 0, kind: "right", left: null, right: text("host worker-3") },
      ],
      rows_left_out: 0,
    });
    const user = userEvent.setup();

    show();
    await screen.findByText("start");
    await user.selectOptions(screen.getByRole("combobox", { name: "Compare with another try" }), "1");
    const table = within(await screen.findByRole("table", { name: "Try 3 and try 1" }));

    expect(table.getByText("12 equal lines")).toBeInTheDocument();
    expect(table.getByText("host worker-7").closest("[role=row]")).toHaveTextContent("≠ host worker-7≠ host worker-3");
  });

  it("can be had as a file", async () => {
    answerLog(linesOf("start"));
    show();

    expect(await screen.findByRole("link", { name: "Raw ⇩" })).toHaveAttribute(
      "href",
      `http://airflow.test/windsock/api/v1/dags/orders_daily/runs/${encodeURIComponent(RUN_ID)}/tasks/load/log/raw?map_index=-1&try_number=3`,
    );
  });
});
