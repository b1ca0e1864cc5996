import type { LogLine, LogWindow } from "src/api/types";

/** The lines in memory: one stretch of a log without a gap, and what the newest answer said of the whole. */
export type LogBuffer = {
  readonly atEnd: boolean;
  readonly atStart: boolean;
  /** Bytes. */
  readonly endOffset: number;
  readonly lines: ReadonlyArray<LogLine>;
  readonly newest: LogWindow;
  /** Bytes. */
  readonly startOffset: number;
};

/** So much is kept at most; beyond it lines are let go at the other end, and read again when they are needed. */
export const MOST_LINES = 6000;
export const MOST_CHARACTERS = 6_000_000;

export const lineEnd = ({ length_bytes: length, offset }: LogLine): number => offset + length;

const charactersOf = ({ error_text: error, text }: LogLine): number => text.length + (error?.length ?? 0);

export const fromWindow = (window: LogWindow): LogBuffer => ({
  atEnd: window.at_end,
  atStart: window.at_start,
  endOffset: window.end_offset,
  lines: window.lines,
  newest: window,
  startOffset: window.start_offset,
});

/** How many lines, counted from one end, fit. */
const fitting = (lines: Iterable<LogLine>): number => {
  let count = 0;
  let characters = 0;

  for (const line of lines) {
    characters += charactersOf(line);
    if (count >= MOST_LINES || (count > 0 && characters > MOST_CHARACTERS)) {
      break;
    }
    count += 1;
  }

  return count;
};

/** With the stretch above; what no longer fits goes at the end. */
export const withAbove = (buffer: LogBuffer, window: LogWindow): LogBuffer => {
  const all = [...window.lines, ...buffer.lines];
  const lines = all.slice(0, fitting(all));
  const last = lines.at(-1);
  const cut = lines.length < all.length && last !== undefined;

  return {
    ...buffer,
    atEnd: buffer.atEnd && !cut,
    atStart: window.at_start,
    endOffset: cut ? lineEnd(last) : buffer.endOffset,
    lines,
    newest: { ...window, growing: buffer.newest.growing },
    startOffset: window.start_offset,
  };
};

/** With the stretch below; what no longer fits goes at the start. */
export const withBelow = (buffer: LogBuffer, window: LogWindow): LogBuffer => {
  const all = window.lines.length === 0 ? buffer.lines : [...buffer.lines, ...window.lines];
  const kept = fitting(all.toReversed());
  const lines = kept < all.length ? all.slice(all.length - kept) : all;
  const cut = kept < all.length;

  return {
    atEnd: window.at_end,
    atStart: buffer.atStart && !cut,
    endOffset: window.end_offset,
    lines,
    newest: window,
    startOffset: cut ? (lines[0]?.offset ?? buffer.startOffset) : buffer.startOffset,
  };
};

/** Whether offsets told before no longer hold: another log stands in its place, or it was cut down. */
export const isAnother = (buffer: LogBuffer, window: LogWindow): boolean =>
  (window.log_id !== null && buffer.newest.log_id !== null && window.log_id !== buffer.newest.log_id) ||
  window.size_bytes < buffer.endOffset;

/** Which line holds an offset, or the first one behind it; -1 when the offset is not in the stretch. */
export const indexAt = ({ endOffset, lines, startOffset }: LogBuffer, offset: number): number => {
  if (offset < startOffset || offset > endOffset) {
    return -1;
  }
  const index = lines.findIndex((line) => lineEnd(line) > offset);

  return index === -1 ? lines.length - 1 : index;
};
