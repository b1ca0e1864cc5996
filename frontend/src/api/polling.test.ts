import { describe, expect, it } from "vitest";

import { NetworkError, NotJsonError, ProblemError } from "src/api/errors";
import { nextPollMs } from "src/api/polling";

type State = Parameters<typeof nextPollMs>[0]["state"];

const ok = (dataUpdateCount: number, pendingErrors = 0): State => ({
  data: { asOf: 0, body: { pending_errors: pendingErrors } },
  dataUpdateCount,
  error: null,
  errorUpdateCount: 0,
  status: "success",
});

const failed = (errorUpdateCount: number, error: Error): State => ({ ...ok(1), error, errorUpdateCount, status: "error" });

describe("nextPollMs", () => {
  it("asks every five seconds while all is well", () => {
    expect(nextPollMs({ queryHash: "well", state: ok(1) })).toBe(5000);
    expect(nextPollMs({ queryHash: "well", state: ok(9) })).toBe(5000);
  });

  it("asks after a second while errors are being read, then less often, never less than usual", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((count) => nextPollMs({ queryHash: "pending", state: ok(count, 2) }));

    expect(waits).toEqual([1000, 1500, 2250, 3375, 5000, 5000]);
    expect(nextPollMs({ queryHash: "pending", state: ok(7) })).toBe(5000);
    expect(nextPollMs({ queryHash: "pending", state: ok(8, 1) })).toBe(1000);
  });

  it("gives the same answer when it is asked twice about the same state", () => {
    expect(nextPollMs({ queryHash: "twice", state: ok(4, 1) })).toBe(1000);
    expect(nextPollMs({ queryHash: "twice", state: ok(4, 1) })).toBe(1000);
  });

  it("backs off to a minute while the server is in trouble, and is quick again after that", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((count) =>
      nextPollMs({ queryHash: "down", state: failed(count, count % 2 === 0 ? new NetworkError() : new NotJsonError(502)) }),
    );

    expect(waits).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    expect(nextPollMs({ queryHash: "down", state: ok(2) })).toBe(5000);
    expect(nextPollMs({ queryHash: "down", state: failed(7, new NetworkError()) })).toBe(5000);
  });

  it("asks seldom for what asking does not change", () => {
    const forbidden = new ProblemError({ code: "forbidden", status: 403, title: "No" });

    expect(nextPollMs({ queryHash: "forbidden", state: failed(1, forbidden) })).toBe(60_000);
  });
});
