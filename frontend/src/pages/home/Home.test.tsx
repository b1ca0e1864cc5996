import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { queryClient } from "src/api/queryClient";
import { testIds } from "src/components/testIds";
import { fakeError, fakeHome, fakeIncident } from "src/test/fakes";
import { renderAt } from "src/test/render";
import { answer, breakDown, hang, refuse } from "src/test/server";

describe("the widget on the home page", () => {
  it("stands after Airflow's own blocks", async () => {
    hang("/home");
    renderAt("/home");
    await screen.findByTestId(testIds.home);

    expect(getComputedStyle(screen.getByTestId(testIds.root)).order).toBe("100");
  });

  it("says how many causes there are, and which of the worst share one", async () => {
    const contract = fakeError({ signature: "v1:contract" });

    answer(
      "/home",
      fakeHome([fakeIncident(), fakeIncident({ dag_id: "contract", error: contract }), fakeIncident({ dag_id: "clicks" })], { incidents: 6 }),
    );
    renderAt("/home");
    const widget = within(await screen.findByTestId(testIds.home));

    expect(await widget.findByRole("link", { name: "6 incidents, 3 causes" })).toBeInTheDocument();
    expect(widget.getByRole("link", { name: /clicks.*same cause as orders_daily/u })).toBeInTheDocument();
    expect(widget.getByRole("link", { name: /contract.*could not connect/u })).toBeInTheDocument();
  });

  it("counts the incidents and links the worst three to where they are explained", async () => {
    answer("/home", fakeHome([fakeIncident(), fakeIncident({ causes: [], dag_id: "clicks", error: fakeError({ signature: null }) })], { incidents: 6 }));
    renderAt("/home");
    const widget = within(await screen.findByTestId(testIds.home));

    expect(await widget.findByRole("link", { name: "6 incidents, 2 causes" })).toHaveAttribute("href", "/plugin/windsock");
    expect(widget.getByRole("link", { name: /orders_daily.*could not connect/u })).toHaveAttribute(
      "href",
      expect.stringMatching(/\/tasks\/load\/plugin\/windsock-task-instance$/u),
    );
    expect(widget.getByRole("link", { name: /clicks/u })).toHaveAttribute("href", "/dags/clicks/plugin/windsock-dag");
  });

  it("is one line when all is well", async () => {
    answer("/home", fakeHome([]));
    renderAt("/home");

    expect(await screen.findByText(/Nothing is failing\./u)).toHaveTextContent("Nothing is failing. 226 Dags, last failure 6 h ago in orders_daily.");
  });

  it("says when it is not allowed", async () => {
    refuse("get", "/home", 403, "No");
    renderAt("/home");

    expect(await screen.findByTestId(testIds.forbidden)).toBeInTheDocument();
  });

  it("says when it could not load, and keeps what it had when it could", async () => {
    breakDown("/home");
    renderAt("/home");
    expect(await screen.findByTestId(testIds.failed)).toBeInTheDocument();
    answer("/home", fakeHome([fakeIncident()]));
    await queryClient.refetchQueries();
    await screen.findByText("orders_daily");
    breakDown("/home");
    await queryClient.refetchQueries();

    expect(await screen.findByTestId(testIds.stale)).toBeInTheDocument();
    expect(screen.getByText("orders_daily")).toBeInTheDocument();
  });
});
