import type { RunTask } from "src/api/types";

type Role = RunTask["role"];

export type TaskGroup = {
  readonly role: Role;
  readonly tasks: ReadonlyArray<RunTask>;
  readonly title: string;
};

const TITLES = {
  first_cause: "First causes",
  failed_after: "Failed below another failure",
  cascade: "Taken down: did not run",
  other: "Other tasks",
} as const satisfies Record<Role, string>;

/** The tasks by their part in what happened, the first causes first; a run without trouble is one group without a title. */
export const groupTasks = (tasks: ReadonlyArray<RunTask>): ReadonlyArray<TaskGroup> => {
  const roles: ReadonlyArray<Role> = ["first_cause", "failed_after", "cascade", "other"];
  const groups = roles
    .map((role) => ({ role, tasks: tasks.filter((task) => task.role === role), title: TITLES[role] }))
    .filter((group) => group.tasks.length > 0);

  return groups.length === 1 && groups[0]?.role === "other" ? [{ ...groups[0], title: "" }] : groups;
};
