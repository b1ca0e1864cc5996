import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import { testIds } from "src/components/testIds";
import { fakeDagItem, fakeDagPage, fakeStreak, fakeStrip, hoursAgo } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, breakDown, hang, refuse } from "src/test/server";

const show = (query = "") => {
  answer("/facets", { owners: [], tags: [{ dags: 3, value: "dwh" }] });
  renderAt(`/plugin/windsock?view=dags${query}`);
};

const address = () => screen.getByTestId("address").textContent;

const many = Array.from({ length: 2000 }, (_, index) => fakeDagItem({ dag_id: `dag_${String(index).padStart(4, "0")}` }));

/** Answers as the server does: one page of the two thousand. */
const answerMany = () => {
  const offsets: Array<number> = [];

  answer("/dags", (params) => {
    const offset = Number(params.get("offset"));

    offsets.push(offset);

    return fakeDagPage(many.slice(offset, offset + Number(params.get("limit"))), { matching: many.length, offset });
  });

  return offsets;
};

describe("the Dags", () => {
  it("are skeletons in the same columns while they load", async () => {
    hang("/dags");
    show();
    const loading = within(await screen.findByTestId(testIds.loading));

    expect(loading.getAllByRole("columnheader")).toHaveLength(11);
  });

  it("say health, runs, streak, rate, durations, schedule, next run, owner and tags in one row", async () => {
    const dag = fakeDagItem({
      health: "failing",
      streak: fakeStreak(),
      strip: fakeStrip(["success", "success", "failed", "failed", "failed"]),
      successes: 22,
      typical_duration_s: 120,
    });
    answer("/dags", fakeDagPage([dag]));
    show();
    const row = within(await screen.findByTestId(testIds.dagRow));

    expect(row.getByText("failing")).toBeInTheDocument();
    expect(row.getByRole("link", { name: "orders_daily" })).toHaveAttribute("href", "/dags/orders_daily");
    expect(row.getByText("#dwh")).toBeInTheDocument();
    expect(row.getByText("3")).toBeInTheDocument();
    expect(row.getByText("88 %")).toHaveAttribute("title", "22 of 25");
    expect(row.getByText("4 m 02 s", { exact: false })).toHaveTextContent("▲ 4 m 02 s");
    expect(row.getByText("2 m 00 s")).toHaveAttribute("title", "Typical duration");
    expect(row.getByText("0 * * * *")).toHaveAttribute("title", "Every hour");
    expect(row.getByText(/^in \d+ min$|^in 1 h$/u)).toBeInTheDocument();
    expect(row.getByText("data-platform")).toBeInTheDocument();
  });

  it("have a strip whose bars are links that say run, state and duration", async () => {
    const strip = { ...fakeStrip(["success", "failed", "running"]), backfill: [0] };
    answer("/dags", fakeDagPage([fakeDagItem({ strip })]));
    show();
    const bars = within(await screen.findByTestId(testIds.runStrip)).getAllByRole("link");

    expect(bars.map((bar) => bar.getAttribute("href"))).toEqual([
      "/dags/orders_daily/runs/scheduled__0",
      "/dags/orders_daily/runs/scheduled__1",
      "/dags/orders_daily/runs/scheduled__2",
    ]);
    for (const bar of bars) {
      await userEvent.hover(bar);
    }
    expect(bars[0]?.title).toMatch(/^scheduled__0 \(backfill: does not count\)\n.+\nsuccess after 4 m 00 s\nwaited 2\.0 s$/u);
    expect(bars[2]?.title).toMatch(/\nrunning\n/u);
    await userEvent.click(bars[1] ?? document.body);
    expect(address()).toBe("/dags/orders_daily/runs/scheduled__1");
  });

  it("say what runs, what is paused and what is not known yet", async () => {
    answer(
      "/dags",
      fakeDagPage([
        fakeDagItem({ dag_id: "runs", running_run_id: "r", running_since: hoursAgo(0.15) }),
        fakeDagItem({ dag_id: "rests", paused: true }),
        fakeDagItem({ dag_id: "halted", paused: true, paused_by_airflow: true }),
        fakeDagItem({ counting_runs: 0, dag_id: "fresh", health: "unknown", last_duration_s: null, next_run_at: null, strip: fakeStrip([]) }),
      ]),
    );
    show();
    const [runs, rests, halted, fresh] = await screen.findAllByTestId(testIds.dagRow);

    expect(runs).toHaveTextContent(/running 9 m 0\d s/u);
    expect(rests).toHaveTextContent("paused");
    expect(halted).toHaveTextContent("paused by Airflow");
    expect(fresh).toHaveTextContent("no finished run");
  });

  it("draw only the rows in sight, and fetch the pages as they come into it", async () => {
    const offsets = answerMany();
    show();
    await screen.findByText("dag_0000");

    expect(screen.getAllByTestId(testIds.dagRow).length).toBeLessThan(60);
    expect(offsets).toEqual([0]);
    fireEvent.scroll(screen.getByTestId(testIds.dagsTable), { target: { scrollTop: 36 * 1550 } });
    expect(await screen.findByText("dag_1550")).toBeInTheDocument();
    expect(new Set(offsets)).toEqual(new Set([0, 1500]));
  });

  it("are sorted by the server, with the sorting in the address", async () => {
    answer("/dags", (params) => fakeDagPage([fakeDagItem({ dag_id: `by ${params.get("sort") ?? "nothing"}` })]));
    show();
    await screen.findByText("by health");
    await userEvent.click(screen.getByRole("button", { name: "Streak" }));
    expect(await screen.findByText("by -streak")).toBeInTheDocument();
    expect(address()).toBe("/plugin/windsock?view=dags&sort=-streak");
    await userEvent.click(screen.getByRole("button", { name: "Streak" }));
    expect(await screen.findByText("by streak")).toBeInTheDocument();
    expect(screen.getByRole("columnheader", { name: "Streak" })).toHaveAttribute("aria-sort", "ascending");
  });

  it("are filtered by health, tag and paused, and say how many match", async () => {
    answer("/dags", (params) =>
      fakeDagPage([fakeDagItem({ dag_id: `${params.getAll("health").join("+")} ${params.getAll("tag").join("+")} ${params.get("paused") ?? ""}` })], {
        matching: 7,
      }),
    );
    show("&tag=dwh&paused=active");
    await screen.findByText("dwh false");
    await userEvent.click(screen.getByRole("button", { name: "Filter by health" }));
    await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: "failing" }));
    expect(await screen.findByText("failing dwh false")).toBeInTheDocument();
    expect(screen.getByText("7 match")).toBeInTheDocument();
    await userEvent.keyboard("{Escape}");
    await userEvent.click(screen.getByRole("button", { name: "Clear" }));
    await waitFor(() => {
      expect(address()).toBe("/plugin/windsock?view=dags");
    });
  });

  it("ignore what the address has wrong", async () => {
    answer("/dags", (params) => fakeDagPage([fakeDagItem({ dag_id: `${params.get("sort") ?? ""}${params.getAll("health").join()}` })]));
    show("&sort=nonsense&health=great");

    expect(await screen.findByRole("link", { name: "health" })).toBeInTheDocument();
  });

  it("say that nothing matches, apart from that nothing is there", async () => {
    answer("/dags", fakeDagPage([]));
    show("&q=nonsense");
    const noMatch = within(await screen.findByTestId(testIds.noMatch));

    expect(noMatch.getByText("No Dags match these filters.")).toBeInTheDocument();
    await userEvent.click(noMatch.getByRole("button", { name: "Clear filters" }));
    expect(await screen.findByTestId(testIds.empty)).toHaveTextContent("There is no Dag here that you may see.");
  });

  it("say that they are not allowed", async () => {
    refuse("get", "/dags", 403, "You may not read Dags");
    show();

    expect(await screen.findByTestId(testIds.forbidden)).toHaveTextContent("You are not allowed to see the Dags.");
  });

  it("say that they could not load; once they were, they stay", async () => {
    breakDown("/dags");
    show();
    expect(await screen.findByTestId(testIds.failed)).toBeInTheDocument();
    answer("/dags", fakeDagPage([fakeDagItem()]));
    await queryClient.refetchQueries();
    await screen.findByTestId(testIds.dagRow);
    breakDown("/dags");
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.stale)).toBeInTheDocument();
    expect(screen.getByTestId(testIds.dagRow)).toBeInTheDocument();
  });

  it("can be walked through and opened by key", async () => {
    answer("/dags", fakeDagPage([fakeDagItem({ dag_id: "first" }), fakeDagItem({ dag_id: "second" })]));
    show();
    await screen.findByText("first");
    const rows = screen.getAllByTestId(testIds.dagRow);
    await userEvent.keyboard("j");
    await waitFor(() => {
      expect(rows[0]).toHaveFocus();
    });
    await userEvent.keyboard("j");
    await waitFor(() => {
      expect(rows[1]).toHaveFocus();
    });
    await userEvent.keyboard("{Enter}");
    expect(address()).toBe("/dags/second");
  });

  it("stand still under the pointer", async () => {
    answer("/dags", fakeDagPage([fakeDagItem({ dag_id: "first" }), fakeDagItem({ dag_id: "second" })]));
    show();
    await userEvent.hover(await screen.findByText("second"));
    answer("/dags", fakeDagPage([fakeDagItem({ dag_id: "second" }), fakeDagItem({ dag_id: "first", streak: fakeStreak({ length: 9 }) })]));
    await queryClient.refetchQueries();
    await screen.findByText("9");
    const order = () => screen.getAllByTestId(testIds.dagRow).map((row) => row.dataset["dagId"]);

    expect(order()).toEqual(["first", "second"]);
    await userEvent.unhover(screen.getByTestId(testIds.dagsTable));
    expect(order()).toEqual(["second", "first"]);
  });
});

describe("the keys of the page", () => {
  it("are listed when asked for", async () => {
    answer("/dags", fakeDagPage([fakeDagItem()]));
    show();
    await screen.findByText("orders_daily");
    await userEvent.keyboard("?");
    const dialog = within(await screen.findByRole("dialog", { name: "Keys" }));

    expect(dialog.getByText("Next row")).toBeInTheDocument();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => {
      expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    });
  });
});
