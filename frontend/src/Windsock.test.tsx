import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { renderAt } from "src/test/render";
import { answer } from "src/test/server";

it("shows words in place of a page that fails to render, and nothing of Airflow is lost", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  answer("/home", { pending_errors: 0, totals: null, worst: [] });
  renderAt("/home");

  expect(await screen.findByText("Windsock failed to show this.")).toBeInTheDocument();
  expect(screen.getByText("The rest of Airflow is not affected.", { exact: false })).toBeInTheDocument();
});

it("says on the page of a task group where to go", () => {
  renderAt("/dags/d/tasks/group/g/plugin/windsock-task", { dagId: "d" });

  expect(screen.getByText("This is a group of tasks.")).toBeInTheDocument();
});
