import type {
  Changes,
  DagDetail,
  DagItem,
  DagPage,
  Elsewhere,
  ErrorLine,
  FailingTask,
  Group,
  Home,
  Incident,
  IncidentPage,
  Isolation,
  LogErrorPlace,
  LogHit,
  LogLine,
  LogSearch,
  LogWindow,
  RunDetail,
  RunItem,
  RunRef,
  RunTask,
  Sighting,
  SignatureCount,
  Signatures,
  Streak,
  Strip,
  TaskDetail,
  TaskInstanceDetail,
  TaskRun,
  TaskStreak,
  Totals,
  Try,
} from "src/api/types";

/*
 * Answers of the API as a test needs them: each factory gives something plain and whole, and a test states only what it
 * is about.
 */

const HOUR_MS = 3_600_000;
const NOW = Date.now();

/** A moment so many hours ago, ISO 8601. */
export const hoursAgo = (hours: number): string => new Date(NOW - hours * HOUR_MS).toISOString();

export const fakeTotals = (totals: Partial<Totals> = {}): Totals => ({
  dags: 226,
  failing: 9,
  hidden: 0,
  incidents: 6,
  last_failure_at: hoursAgo(6),
  last_failure_dag_id: "orders_daily",
  ok: 214,
  paused: 12,
  unknown: 0,
  warning: 3,
  ...totals,
});

export const fakeRunRef = (run: Partial<RunRef> = {}): RunRef => ({
  end_date: hoursAgo(1.9),
  run_after: hoursAgo(2),
  run_id: "scheduled__2026-11-20T09:00:00+00:00",
  run_type: "scheduled",
  start_date: hoursAgo(2),
  state: "failed",
  ...run,
});

export const fakeRunItem = (run: Partial<RunItem> = {}): RunItem => ({
  ...fakeRunRef(),
  backfill: false,
  clear_number: 0,
  counting: true,
  duration_s: 242,
  logical_date: hoursAgo(3),
  partition_key: null,
  queued_at: hoursAgo(2),
  queued_s: 3,
  ...run,
});

export const fakeStreak = (streak: Partial<Streak> = {}): Streak => ({
  at_bound: false,
  failing_since: hoursAgo(3),
  first_bad_run: fakeRunRef({ run_id: "scheduled__2026-11-20T07:00:00+00:00" }),
  last_good_run: fakeRunRef({ run_id: "scheduled__2026-11-20T06:00:00+00:00", state: "success" }),
  length: 3,
  rerunning_since: null,
  ...streak,
});

export const fakeError = (error: Partial<ErrorLine> = {}): ErrorLine => ({
  certain: true,
  error_class: "infrastructure",
  evidence: "could not connect to warehouse dwh-1.internal:5439: Connection refused",
  frame: { code: "conn.open()", file: "dags/load_orders.py", function: "connect", line: 41, own: true },
  message: "could not connect to warehouse dwh-1.internal:5439: Connection refused",
  reason: null,
  signature: "v1:warehouse",
  state: "known",
  title: "ConnectionError: could not connect to warehouse dwh-1.internal:5439: Connection refused",
  type: "ConnectionError",
  ...error,
});

export const fakeFailingTask = (task: Partial<FailingTask> = {}): FailingTask => ({
  end_date: hoursAgo(1.9),
  error: fakeError(),
  failed_instances: 1,
  map_index: -1,
  run_id: "scheduled__2026-11-20T09:00:00+00:00",
  state: "failed",
  task_id: "load",
  try_number: 3,
  ...task,
});

export const fakeIncident = (incident: Partial<Incident> = {}): Incident => ({
  bundle_name: null,
  causes: [fakeFailingTask()],
  dag_display_name: incident.dag_id ?? "orders_daily",
  dag_id: "orders_daily",
  error: fakeError(),
  file: null,
  file_dag_ids: [],
  key: `failing:${incident.dag_id ?? "orders_daily"}`,
  kind: "failing",
  newest_failed_run: fakeRunRef(),
  opened_at: hoursAgo(3),
  owners: ["data-platform"],
  run_level_cause: null,
  streak: fakeStreak(),
  tags: ["dwh"],
  ...incident,
});

export const fakeIncidentPage = (items: Array<Incident>, page: Partial<IncidentPage> = {}): IncidentPage => ({
  causes: items.length,
  groups: [],
  items,
  matching: items.length,
  offset: 0,
  pending_errors: items.filter(({ error }) => error.state === "pending").length,
  totals: fakeTotals({ incidents: items.length }),
  ...page,
});

/** Incidents that share a cause, by their keys. */
export const fakeGroup = (keys: Array<string>, group: Partial<Group> = {}): Group => ({
  came_back: false,
  dag_ids: keys.map((key) => key.replace(/^[^:]*:/u, "")),
  error_class: "infrastructure",
  evidence: "Connection refused",
  incident_keys: keys,
  instances: keys.length,
  signature: "v1:warehouse",
  since: hoursAgo(3),
  tasks: keys.length,
  title: "ConnectionError: could not connect to warehouse dwh-1.internal:5439: Connection refused",
  ...group,
});

export const fakeHome = (worst: Array<Incident>, totals: Partial<Totals> = {}): Home => ({
  causes: worst.length,
  pending_errors: 0,
  totals: fakeTotals({ incidents: worst.length, ...totals }),
  worst,
});

export const fakeSighting = (sighting: Partial<Sighting> = {}): Sighting => ({
  dag_id: "orders_daily",
  failed_at: hoursAgo(1.9),
  map_index: -1,
  run_id: "scheduled__2026-11-20T09:00:00+00:00",
  task_id: "load",
  ...sighting,
});

export const fakeSignatureCount = (kind: Partial<SignatureCount> = {}): SignatureCount => ({
  error_class: "infrastructure",
  evidence: "Connection refused",
  first_seen: hoursAgo(4),
  last_seen: hoursAgo(1.9),
  newest: fakeSighting(),
  runs: 3,
  signature: "v1:warehouse",
  task_ids: ["load"],
  title: "ConnectionError: could not connect to warehouse dwh-1.internal:5439: Connection refused",
  ...kind,
});

export const fakeSignatures = (signatures: Partial<Signatures> = {}): Signatures => ({
  allowed: true,
  dag_id: "orders_daily",
  failed_runs: 3,
  finished_runs: 25,
  flaky_runs: 0,
  items: [fakeSignatureCount()],
  pending_errors: 0,
  runs: 25,
  task_id: null,
  unread: 0,
  ...signatures,
});

/** A strip from states, oldest first, each run lasting four minutes. */
export const fakeStrip = (states: ReadonlyArray<string>): Strip => ({
  backfill: [],
  durations_s: states.map((state) => (state === "success" || state === "failed" ? 240 : null)),
  queued_s: states.map(() => 2),
  run_afters: states.map((_, index) => hoursAgo(states.length - index)),
  run_ids: states.map((_, index) => `scheduled__${index}`),
  states: [...states],
});

export const fakeDagItem = (dag: Partial<DagItem> = {}): DagItem => ({
  counting_runs: 25,
  dag_id: "orders_daily",
  display_name: dag.dag_id ?? "orders_daily",
  health: "ok",
  last_duration_s: 242,
  next_run_at: hoursAgo(-1),
  owners: ["data-platform"],
  paused: false,
  paused_by_airflow: false,
  running_run_id: null,
  running_since: null,
  schedule: "0 * * * *",
  schedule_description: "Every hour",
  streak: null,
  strip: fakeStrip(Array.from({ length: 25 }, () => "success")),
  successes: 25,
  tags: ["dwh"],
  typical_duration_s: 240,
  warnings: [],
  ...dag,
});

export const fakeDagPage = (items: Array<DagItem>, page: Partial<DagPage> = {}): DagPage => ({
  items,
  matching: items.length,
  offset: 0,
  totals: fakeTotals(),
  ...page,
});

export const fakeTaskStreak = (streak: Partial<TaskStreak> = {}): TaskStreak => ({
  dag_id: "orders_daily",
  failed: 3,
  failed_at_bound: false,
  task_id: "load",
  unsuccessful: 3,
  unsuccessful_at_bound: false,
  ...streak,
});

export const fakeDagDetail = (detail: Partial<DagDetail> = {}): DagDetail => ({
  dag: fakeDagItem({ health: "failing", streak: fakeStreak() }),
  description: "Loads the orders of the day",
  failing_tasks: [fakeFailingTask()],
  file: "load_orders.py",
  incidents: [fakeIncident()],
  newest_failed_run: fakeRunRef(),
  pending_errors: 0,
  run_level_cause: null,
  runs: [fakeRunItem(), fakeRunItem({ run_id: "scheduled__2026-11-20T06:00:00+00:00", state: "success" })],
  runs_allowed: true,
  task_streaks: [fakeTaskStreak()],
  tasks_allowed: true,
  ...detail,
});

export const fakeRunTask = (task: Partial<RunTask> = {}): RunTask => ({
  duration_s: 62,
  end_date: hoursAgo(1.9),
  error: null,
  map_index: -1,
  mapped: false,
  operator: "PythonOperator",
  queued_s: 1,
  role: "other",
  start_date: hoursAgo(2),
  state: "success",
  states: { success: 1 },
  task_id: "extract",
  took_down: [],
  try_number: 1,
  ...task,
});

export const fakeRunDetail = (detail: Partial<RunDetail> = {}): RunDetail => ({
  dag_display_name: "orders_daily",
  dag_id: "orders_daily",
  last_good_run: fakeRunRef({ run_id: "scheduled__2026-11-20T06:00:00+00:00", state: "success" }),
  marked_by: null,
  marked_by_person: false,
  newer_run: null,
  older_run: null,
  pending_errors: 0,
  run: fakeRunItem(),
  run_level_cause: null,
  states: { failed: 1, success: 1, upstream_failed: 1 },
  tasks: [
    fakeRunTask({
      error: fakeError(),
      role: "first_cause",
      state: "failed",
      states: { failed: 1 },
      task_id: "load",
      took_down: ["publish"],
      try_number: 3,
    }),
    fakeRunTask({ duration_s: null, role: "cascade", state: "upstream_failed", states: { upstream_failed: 1 }, task_id: "publish" }),
    fakeRunTask(),
  ],
  tasks_allowed: true,
  truncated: false,
  ...detail,
});

export const fakeTaskRun = (run: Partial<TaskRun> = {}): TaskRun => ({
  duration_s: 62,
  end_date: hoursAgo(1.9),
  hostname: "worker-3",
  map_index: -1,
  queued_s: 1,
  run: fakeRunItem(),
  start_date: hoursAgo(2),
  state: "failed",
  states: { failed: 1 },
  try_number: 3,
  ...run,
});

export const fakeTaskDetail = (detail: Partial<TaskDetail> = {}): TaskDetail => ({
  dag_display_name: "orders_daily",
  dag_id: "orders_daily",
  error: fakeError(),
  error_map_index: -1,
  error_run_id: "scheduled__2026-11-20T09:00:00+00:00",
  finished_runs: 2,
  median_duration_s: 58,
  operator: "PythonOperator",
  pending_errors: 0,
  runs: [
    fakeTaskRun(),
    fakeTaskRun({
      run: fakeRunItem({ run_id: "scheduled__2026-11-20T06:00:00+00:00", state: "success" }),
      state: "success",
      states: { success: 1 },
      try_number: 1,
    }),
  ],
  streak: fakeTaskStreak(),
  success_runs: 1,
  task_id: "load",
  ...detail,
});

export const fakeTry = (one: Partial<Try> = {}): Try => ({
  duration_s: 62,
  end_date: hoursAgo(1.9),
  error: null,
  hostname: "worker-3",
  pool: "default_pool",
  queue: "default",
  queued_at: hoursAgo(2),
  queued_s: 1,
  scheduled_at: hoursAgo(2),
  start_date: hoursAgo(2),
  state: "failed",
  try_number: 1,
  ...one,
});

export const fakeTaskInstance = (detail: Partial<TaskInstanceDetail> = {}): TaskInstanceDetail => ({
  dag_display_name: "orders_daily",
  dag_id: "orders_daily",
  error: {
    ...fakeError(),
    chain: ["ConnectionError: could not connect to warehouse dwh-1.internal:5439: Connection refused"],
    frames: [
      { code: "connect()", file: "dags/load_orders.py", function: "load", line: 77, own: true },
      { code: "conn.open()", file: "dags/load_orders.py", function: "connect", line: 41, own: true },
    ],
    tail: [],
  },
  executor: null,
  map_index: -1,
  mapped: null,
  marked_by: null,
  marked_by_person: false,
  max_tries: 3,
  operator: "PythonOperator",
  pending_errors: 0,
  pool: "default_pool",
  queue: "default",
  rendered_map_index: null,
  run: fakeRunItem(),
  shown_try: 3,
  state: "failed",
  task_id: "load",
  tries: [fakeTry(), fakeTry({ try_number: 2 }), fakeTry({ try_number: 3 })],
  try_number: 3,
  ...detail,
});

export const fakeElsewhere = (elsewhere: Partial<Elsewhere> = {}): Elsewhere => ({
  dags: 1,
  first_seen: hoursAgo(3),
  last_seen: hoursAgo(1),
  others: [],
  pending_errors: 0,
  signature: "v1:warehouse",
  tasks: 1,
  title: "ConnectionError: could not connect to warehouse dwh-1.internal:5439: Connection refused",
  ...elsewhere,
});

export const fakeChanges = (changes: Partial<Changes> = {}): Changes => ({
  changes: [],
  dag_id: "orders_daily",
  fields_note: null,
  fields_state: "kept",
  last_success: fakeRunRef({ run_id: "scheduled__2026-11-20T06:00:00+00:00", state: "success" }),
  left_out: 0,
  map_index: -1,
  params_state: "kept",
  run: fakeRunRef(),
  searched_runs: 3,
  task_id: "load",
  version_after: null,
  version_before: null,
  ...changes,
});

export const fakeIsolation = (isolation: Partial<Isolation> = {}): Isolation => ({
  cache_path: null,
  cached: null,
  clashes: 0,
  dag_id: "orders_daily",
  definition_kept: true,
  evidence: "PythonOperator",
  executor: "LocalExecutor",
  guide: [{ kind: "none", right_when: "The task's packages agree with Airflow's" }],
  image: null,
  kind: "none",
  namespace: null,
  notes: [],
  options: [],
  python: null,
  python_note: null,
  python_version: null,
  requirements: [],
  requirements_state: "none",
  run_id: "scheduled__2026-11-20T09:00:00+00:00",
  task_id: "load",
  unpinned: 0,
  ...isolation,
});

export const fakeLogLine = (line: Partial<LogLine> = {}): LogLine => ({
  cut_after: false,
  cut_before: false,
  error_text: null,
  facts: {},
  length_bytes: 100,
  level: "info",
  logger: "task.stdout",
  offset: 0,
  shortened: false,
  source: null,
  text: "Loaded chunk 12",
  timestamp: "2026-11-20T09:12:41Z",
  ...line,
});

/** A whole log of these lines, unless the test says otherwise. */
export const fakeLogWindow = (lines: Array<LogLine>, window: Partial<LogWindow> = {}): LogWindow => {
  const last = lines.at(-1);
  const end = last === undefined ? 0 : last.offset + last.length_bytes;

  return {
    ask_again_s: null,
    at_end: true,
    at_start: true,
    end_offset: end,
    growing: false,
    lines,
    log_id: "log-1",
    log_state: "found",
    map_index: -1,
    notes: [],
    reason: null,
    size_bytes: end,
    start_offset: lines[0]?.offset ?? 0,
    try_number: 3,
    ...window,
  };
};

const fakeOfTry = {
  ask_again_s: null,
  growing: false,
  log_id: "log-1",
  log_state: "found",
  map_index: -1,
  notes: [],
  reason: null,
  size_bytes: 1000,
  try_number: 3,
} as const;

export const fakeLogErrorPlace = (place: Partial<LogErrorPlace> = {}): LogErrorPlace => ({
  ...fakeOfTry,
  certain: true,
  line: null,
  notes: [],
  offset: null,
  state: "none",
  ...place,
});

export const fakeLogHit = (hit: Partial<LogHit> = {}): LogHit => ({
  after: " refused",
  at: 100,
  before: "Connection ",
  level: "error",
  logger: null,
  match: "to dwh-1",
  offset: 100,
  timestamp: "2026-11-20T09:12:41Z",
  ...hit,
});

export const fakeLogSearch = (hits: Array<LogHit>, search: Partial<LogSearch> = {}): LogSearch => ({
  ...fakeOfTry,
  finished: true,
  hits,
  next_offset: 0,
  notes: [],
  searched_bytes: 1000,
  ...search,
});
