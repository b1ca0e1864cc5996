import { describe, expect, it } from "vitest";

import { plainText, spansOf, visible } from "src/pages/task-instance/log/ansi";

describe("the colours of a terminal", () => {
  it("become spans, and end where they are reset", () => {
    expect(spansOf("a \u001B[1;31mred\u001B[0m b")).toEqual([{ text: "a " }, { bold: true, colour: "#d43f3f", text: "red" }, { text: " b" }]);
    expect(spansOf("\u001B[38;5;196mx\u001B[39my")).toEqual([{ colour: "rgb(255 0 0)", text: "x" }, { text: "y" }]);
    expect(spansOf("\u001B[48;2;300;1;2mx\u001B[m")).toEqual([{ background: "rgb(255 1 2)", text: "x" }]);
  });

  it("are bounded: a line of nothing but colours stays a few spans, with all of its text", () => {
    const line = "\u001B[31mx\u001B[32my".repeat(5000);
    const spans = spansOf(line);

    expect(spans.length).toBeLessThan(500);
    expect(spans.map(({ text }) => text).join("")).toBe("xy".repeat(5000));
  });

  it("leave every other sequence visible", () => {
    expect(spansOf("\u001B[2J\u001B]0;title\u0007")).toEqual([{ text: "␛[2J␛]0;title␇" }]);
  });

  it("are not in what is copied", () => {
    expect(plainText("\u001B[31mred\u001B[0m")).toBe("red");
  });
});

describe("characters that cannot be seen", () => {
  it("are written out, so that a text cannot pretend to be another", () => {
    expect(visible("a\u0000b\u007Fc\u202Ed\u200Be")).toBe("a␀b␡c‹U+202E›d‹U+200B›e");
    expect(visible("50 %\r100 %\r\ndone\tok")).toBe("50 %␍100 %\ndone\tok");
  });
});
