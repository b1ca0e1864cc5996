import { describe, expect, it } from "vitest";

import { instantOf } from "src/actions/zonedTime";

describe("the moment of a time on the clocks of a zone", () => {
  it.each([
    ["2026-11-20T09:12", "UTC", "2026-11-20T09:12:00.000Z"],
    ["2026-11-20T09:12", "Europe/Berlin", "2026-11-20T08:12:00.000Z"],
    ["2026-07-01T09:12:30", "Europe/Berlin", "2026-07-01T07:12:30.000Z"],
    ["2026-11-20T23:30", "America/New_York", "2026-11-21T04:30:00.000Z"],
    ["2026-11-20T09:12", "Asia/Kolkata", "2026-11-20T03:42:00.000Z"],
    // The clocks went forward at 02:00 and back at 03:00 on these days.
    ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
    ["2026-03-29T01:30", "Europe/Berlin", "2026-03-29T00:30:00.000Z"],
    ["2026-10-25T04:00", "Europe/Berlin", "2026-10-25T03:00:00.000Z"],
  ])("takes %s in %s as %s", (local, zone, expected) => {
    expect(instantOf(local, zone)).toBe(expected);
  });

  it.each(["", "tomorrow", "2026-13-45T99:99"])("takes %j as no moment", (text) => {
    expect(instantOf(text, "UTC")).toBeUndefined();
  });
});
