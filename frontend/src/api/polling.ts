import { isOutage } from "src/api/errors";

const POLL_MS = 5000;
const FIRST_PENDING_MS = 1000;
const LONGEST_MS = 60_000;

/** What is read of a query here. */
type Polled = {
  readonly queryHash: string;
  readonly state: {
    readonly data: unknown;
    readonly dataUpdateCount: number;
    readonly error: unknown;
    readonly errorUpdateCount: number;
    readonly status: string;
  };
};

/** How many errors of an answer are still being read from logs. */
const pendingErrors = (data: unknown): number => {
  const body = typeof data === "object" && data !== null && "body" in data ? data.body : undefined;

  return typeof body === "object" && body !== null && "pending_errors" in body && typeof body.pending_errors === "number"
    ? body.pending_errors
    : 0;
};

type Run = {
  /** The counts of the query when the present run of failures or pending answers began. */
  readonly errors: number;
  readonly updates: number;
};

const failing = new Map<string, Run>();
const pending = new Map<string, Run>();

/** How many answers of the query in a row were of a kind; counted from the query's own counters. */
const inARow = (runs: Map<string, Run>, is: boolean, query: Polled): number => {
  const { dataUpdateCount, errorUpdateCount } = query.state;

  if (!is) {
    runs.delete(query.queryHash);

    return 0;
  }
  const run = runs.get(query.queryHash) ?? { errors: errorUpdateCount, updates: dataUpdateCount };

  runs.set(query.queryHash, run);

  return errorUpdateCount - run.errors + (dataUpdateCount - run.updates) + 1;
};

const backOff = (firstMs: number, factor: number, times: number, longestMs: number): number =>
  Math.min(firstMs * factor ** (times - 1), longestMs);

/**
 * When to ask again: every 5 s; soon, and then less soon, while errors are being read; ever less often, up to a
 * minute, while the server is in trouble; not at all for what will not change by asking (not allowed, not there).
 */
export const nextPollMs = (query: Polled): number | false => {
  const failed = query.state.status === "error";
  const failures = inARow(failing, failed, query);
  const waits = inARow(pending, !failed && pendingErrors(query.state.data) > 0, query);

  if (failed) {
    return isOutage(query.state.error) ? backOff(POLL_MS, 2, failures, LONGEST_MS) : LONGEST_MS;
  }

  return waits > 0 ? backOff(FIRST_PENDING_MS, 1.5, waits, POLL_MS) : POLL_MS;
};

/** Query options of everything that stays on screen: polled while the page is visible, asked at once on return. */
export const polled = {
  refetchInterval: nextPollMs,
  refetchIntervalInBackground: false,
  refetchOnWindowFocus: true,
} as const;
