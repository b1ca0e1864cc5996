import { describe, expect, it } from "vitest";

import { fromWindow, indexAt, isAnother, MOST_LINES, withAbove, withBelow } from "src/pages/task-instance/log/logBuffer";
import { fakeLogLine, fakeLogWindow } from "src/test/fakes";

/** Lines of ten bytes each, from a line number on. */
const stretch = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => fakeLogLine({ length_bytes: 10, offset: (from + index) * 10, text: `line ${from + index}` }));

const windowOf = (from: number, count: number, total = 100_000) =>
  fakeLogWindow(stretch(from, count), { at_end: from + count >= total, at_start: from === 0, size_bytes: total * 10 });

describe("the lines in memory", () => {
  it("grow upwards and downwards without a gap", () => {
    const buffer = withBelow(withAbove(fromWindow(windowOf(50, 10)), windowOf(40, 10)), windowOf(60, 10));

    expect(buffer.lines.map(({ offset }) => offset / 10)).toEqual(Array.from({ length: 30 }, (_, index) => 40 + index));
    expect([buffer.startOffset, buffer.endOffset]).toEqual([400, 700]);
  });

  it("are bounded: what no longer fits goes at the other end, and is known to be missing", () => {
    const below = withBelow(fromWindow(windowOf(0, MOST_LINES)), windowOf(MOST_LINES, 100));

    expect(below.lines).toHaveLength(MOST_LINES);
    expect(below.atStart).toBe(false);
    expect(below.startOffset).toBe(1000);

    const above = withAbove(fromWindow(windowOf(1000, MOST_LINES, 1000 + MOST_LINES)), windowOf(900, 100));

    expect(above.lines).toHaveLength(MOST_LINES);
    expect(above.atEnd).toBe(false);
    expect(above.endOffset).toBe((900 + MOST_LINES) * 10);
  });

  it("find the line that holds an offset", () => {
    const buffer = fromWindow(windowOf(50, 10));

    expect(indexAt(buffer, 537)).toBe(3);
    expect(indexAt(buffer, 499)).toBe(-1);
    expect(indexAt(buffer, 900)).toBe(-1);
  });

  it("know when another log stands in the place of theirs", () => {
    const buffer = fromWindow(fakeLogWindow(stretch(0, 10), { log_id: "a" }));

    expect(isAnother(buffer, fakeLogWindow([], { log_id: "b", size_bytes: 100 }))).toBe(true);
    expect(isAnother(buffer, fakeLogWindow([], { log_id: "a", size_bytes: 20 }))).toBe(true);
    expect(isAnother(buffer, fakeLogWindow([], { log_id: "a", size_bytes: 100 }))).toBe(false);
  });
});
