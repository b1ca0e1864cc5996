/** The name of every registration of ours: the host looks the component up under it on `globalThis`. */
export const NAME = "Windsock";

/** The last part of the address of each destination, as registered by the plugin. */
export const URL_ROUTES = {
  dag: "windsock-dag",
  home: "windsock-home",
  nav: "windsock",
  run: "windsock-run",
  task: "windsock-task",
  taskInstance: "windsock-task-instance",
} as const;
