import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { NAME, URL_ROUTES } from "src/host/names";

it("is what the plugin registers: the host looks the component up by this name, and shows it at these routes", () => {
  const plugin = readFileSync(path.join(import.meta.dirname, "../../../plugin/windsock/plugin.py"), "utf8");
  const routes: Record<string, string> = {};

  for (const [, destination = "", route = ""] of plugin.matchAll(/^ {4}"(\w+)": "([\w-]+)",$/gmu)) {
    routes[destination] = route;
  }

  expect(plugin).toContain(`\nNAME = "${NAME}"\n`);
  expect(routes).toEqual({
    dag: URL_ROUTES.dag,
    dag_run: URL_ROUTES.run,
    dashboard: URL_ROUTES.home,
    nav: URL_ROUTES.nav,
    task: URL_ROUTES.task,
    task_instance: URL_ROUTES.taskInstance,
  });
});
