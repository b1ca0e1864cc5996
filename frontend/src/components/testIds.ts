/** The names by which tests find things, here and in the browser tests. */
export const testIds = {
  dagRow: "windsock-dag-row",
  dagsTable: "windsock-dags",
  empty: "windsock-empty",
  failed: "windsock-failed",
  forbidden: "windsock-forbidden",
  home: "windsock-home",
  incident: "windsock-incident",
  incidents: "windsock-incidents",
  loading: "windsock-loading",
  noMatch: "windsock-no-match",
  root: "windsock",
  runStrip: "windsock-run-strip",
  stale: "windsock-stale",
  totals: "windsock-totals",
} as const;
