import { expect, it } from "vitest";

import { links } from "src/host/links";

it("encodes every id and starts at the root of Airflow", () => {
  expect(links.run("a b", "manual__2026-11-20T09:00:00+00:00")).toBe("/dags/a%20b/runs/manual__2026-11-20T09%3A00%3A00%2B00%3A00");
  expect(links.log("d", "r", "group.task", 3, 2)).toBe("/dags/d/runs/r/tasks/group.task/mapped/3?try_number=2");
  expect(links.tab.taskInstance("d", "r", "t")).toBe("/dags/d/runs/r/tasks/t/plugin/windsock-task-instance");
});
