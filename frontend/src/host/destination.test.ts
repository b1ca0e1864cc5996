import { describe, expect, it } from "vitest";

import { destinationOf } from "src/host/destination";

describe("destinationOf", () => {
  it("tells the nav page from the home page by the path", () => {
    expect(destinationOf({}, "/plugin/windsock")).toEqual({ name: "nav" });
    expect(destinationOf({}, "/plugin/windsock/")).toEqual({ name: "nav" });
    expect(destinationOf({}, "/home")).toEqual({ name: "home" });
    expect(destinationOf({}, "/")).toEqual({ name: "home" });
  });

  it("takes the ids of the tabs from the props", () => {
    const run = { dagId: "d", runId: "manual__2026-11-20T09:00:00+00:00" };

    expect(destinationOf({ dagId: "d" }, "/dags/d/plugin/windsock-dag")).toEqual({ dagId: "d", name: "dag" });
    expect(destinationOf(run, "/dags/d/runs/r/plugin/windsock-run")).toEqual({ ...run, name: "run" });
    expect(destinationOf({ dagId: "d", taskId: "t" }, "/dags/d/tasks/t/plugin/windsock-task")).toEqual({
      dagId: "d",
      name: "task",
      taskId: "t",
    });
  });

  it("reads the map index of a mapped task instance, and none as -1", () => {
    const path = "/dags/d/runs/r/tasks/t/mapped/3/plugin/windsock-task-instance";

    expect(destinationOf({ dagId: "d", mapIndex: "3", runId: "r", taskId: "t" }, path)).toMatchObject({ mapIndex: 3 });
    expect(destinationOf({ dagId: "d", runId: "r", taskId: "t" }, path)).toMatchObject({ mapIndex: -1 });
    expect(destinationOf({ dagId: "d", mapIndex: "x", runId: "r", taskId: "t" }, path)).toMatchObject({ mapIndex: -1 });
  });

  it("knows a task group, which passes the Dag alone, from the Dag", () => {
    expect(destinationOf({ dagId: "d" }, "/dags/d/tasks/group/g/plugin/windsock-task")).toEqual({ name: "taskGroup" });
  });
});
