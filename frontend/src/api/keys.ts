/**
 * The keys of the query cache, from the general to the particular, so that an action can make everything
 * about one Dag, or everything that counts Dags, be asked again.
 *
 * | key | answer |
 * |---|---|
 * | `fleet` | every answer made from the snapshot: incidents, Dags, home, facets |
 * | `dag(id)` | every answer about one Dag: its tab, its runs, tasks and task instances |
 */
export const keys = {
  dag: (dagId: string) => ["dag", dagId] as const,
  dagDetail: (dagId: string, runs: number) => ["dag", dagId, "detail", runs] as const,
  dags: (filter: unknown) => ["fleet", "dags", filter] as const,
  facets: () => ["fleet", "facets"] as const,
  fleet: () => ["fleet"] as const,
  home: () => ["fleet", "home"] as const,
  incidents: (filter: unknown) => ["fleet", "incidents", filter] as const,
  run: (dagId: string, runId: string) => ["dag", dagId, "run", runId] as const,
  session: () => ["session"] as const,
  /** Of one task, or with null of the whole Dag. */
  signatures: (dagId: string, taskId: string | null) => ["dag", dagId, "signatures", taskId] as const,
  task: (dagId: string, taskId: string, runs: number) => ["dag", dagId, "task", taskId, runs] as const,
  /** Of a task instance: what changed, how it is isolated, where else it is seen, its log. */
  taskInstancePart: (
    { dagId, mapIndex, runId, taskId }: { readonly dagId: string; readonly mapIndex: number; readonly runId: string; readonly taskId: string },
    part: string,
    ...more: ReadonlyArray<unknown>
  ) => ["dag", dagId, "run", runId, "task", taskId, mapIndex, part, ...more] as const,
  taskInstance: (dagId: string, runId: string, taskId: string, mapIndex: number, tryNumber: number | undefined) =>
    ["dag", dagId, "run", runId, "task", taskId, mapIndex, tryNumber ?? "newest"] as const,
};
