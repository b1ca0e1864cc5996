import { describe, expect, it } from "vitest";

import { readConf } from "src/actions/conf";

describe("the configuration of a run", () => {
  it("is what the JSON object says", () => {
    expect(readConf('{"day": "2026-11-20", "rows": [1, 2]}')).toEqual({ conf: { day: "2026-11-20", rows: [1, 2] } });
  });

  it("is empty when nothing is typed", () => {
    expect(readConf("  \n")).toEqual({ conf: {} });
  });

  it.each(["[1]", "null", "3", '"text"'])("refuses %s, which is JSON but no object", (text) => {
    expect(readConf(text).problem).toMatch(/must be a JSON object/u);
  });

  it("says why a text is no JSON", () => {
    expect(readConf('{"a": }').problem).toMatch(/^Not valid JSON: ./u);
  });
});
