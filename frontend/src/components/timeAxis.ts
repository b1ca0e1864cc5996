import { isUnfinished } from "src/components/states";
import type { Axis, Span } from "src/components/TimeBar";

type Timed = {
  readonly end_date: string | null;
  readonly queued_s: number | null;
  readonly start_date: string | null;
  readonly state: string | null;
};

/** When something waited and ran, until now while it runs; undefined when it never started. */
export const spanOf = ({ end_date: end, queued_s: queuedS, start_date: start, state }: Timed, now: number): Span | undefined => {
  if (start === null) {
    return undefined;
  }
  const startMs = Date.parse(start);

  return {
    endMs: end === null ? (isUnfinished(state) ? Math.max(now, startMs) : startMs) : Date.parse(end),
    queuedS,
    startMs,
    state,
  };
};

/** An axis on which all the spans have room. */
export const axisOf = (spans: ReadonlyArray<Span>): Axis =>
  spans.length === 0
    ? { fromMs: 0, toMs: 1 }
    : {
        fromMs: Math.min(...spans.map(({ queuedS, startMs }) => startMs - (queuedS ?? 0) * 1000)),
        toMs: Math.max(...spans.map(({ endMs }) => endMs)),
      };
