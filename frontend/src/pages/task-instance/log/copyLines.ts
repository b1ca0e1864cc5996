import { type LogFilter, type LogRef, readLog } from "src/api/log";
import type { LogLine } from "src/api/types";
import { plainText } from "src/pages/task-instance/log/ansi";
import { lineEnd } from "src/pages/task-instance/log/logBuffer";

/** More than this is better taken as a file. */
export const MOST_COPIED = 8_000_000;

/** A line as text: time, level, what was logged, and the exception below it. */
export const textOf = ({ error_text: error, level, text, timestamp }: LogLine): string =>
  [
    [timestamp, level?.toUpperCase(), plainText(text)].filter((part) => part !== null && part !== undefined).join(" "),
    ...(error === null ? [] : [plainText(error)]),
  ].join("\n");

export const joined = (lines: ReadonlyArray<LogLine>): string => lines.map(textOf).join("\n");

/** All lines from one to another, those between that are not in memory included; whether they are all. */
export const rangeText = async (
  of: LogRef,
  filter: LogFilter,
  from: LogLine,
  to: LogLine,
): Promise<{ readonly text: string; readonly whole: boolean }> => {
  const signal = new AbortController().signal;
  const end = lineEnd(to);
  const parts: Array<string> = [];
  let offset = from.offset;
  let characters = 0;

  while (offset < end && characters < MOST_COPIED) {
    const window = await readLog(of, filter, { offset }, signal);
    const part = joined(window.lines.filter((line) => line.offset < end));

    if (part !== "") {
      parts.push(part);
    }
    characters += part.length;
    if (window.end_offset <= offset) {
      break;
    }
    offset = window.end_offset;
  }

  return { text: parts.join("\n"), whole: offset >= end };
};
