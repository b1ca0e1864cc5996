import { describe, expect, it } from "vitest";

import { ageWords, clockWords, durationWords, exactWords, relativeWords } from "src/components/times";

describe("durations", () => {
  it.each([
    [0.34, "0.3 s"],
    [42.4, "42 s"],
    [59.7, "1 m 00 s"],
    [242, "4 m 02 s"],
    [3599.6, "1 h 00 m"],
    [11_400, "3 h 10 m"],
    [187_200, "2 d 4 h"],
  ])("%d seconds are %s", (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});

describe("moments", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  const zone = { language: "en", timeZone: "Europe/Berlin" };

  it("are relative in one unit, past and future", () => {
    expect(ageWords(40)).toBe("40 s");
    expect(relativeWords(new Date("2026-11-20T09:59:00Z"), now)).toBe("2 h ago");
    expect(relativeWords(new Date("2026-11-20T12:12:00Z"), now)).toBe("in 12 min");
    expect(relativeWords(new Date("2026-11-14T12:00:00Z"), now)).toBe("6 d ago");
    expect(relativeWords(new Date(now), now)).toBe("now");
  });

  it("are a time today, a day this week, a date before, in the zone that was chosen", () => {
    expect(clockWords(new Date("2026-11-20T08:12:00Z"), now, zone)).toBe("09:12");
    expect(clockWords(new Date("2026-11-17T01:00:00Z"), now, zone)).toBe("Tue 02:00");
    expect(clockWords(new Date("2026-11-03T01:00:00Z"), now, zone)).toBe("Nov 3 02:00");
    expect(clockWords(new Date("2026-11-19T23:30:00Z"), now, zone)).toBe("00:30");
  });

  it("are written in the language that was chosen", () => {
    expect(exactWords(new Date("2026-11-20T08:12:05Z"), { ...zone, language: "de" })).toContain("20. Nov. 2026");
  });
});
