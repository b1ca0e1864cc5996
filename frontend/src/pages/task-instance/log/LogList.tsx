import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

import type { LogLine } from "src/api/types";
import { testIds } from "src/components/testIds";
import { usePreferences } from "src/host/preferences";
import styles from "src/pages/task-instance/log/Log.module.css";
import { indexAt, type LogBuffer } from "src/pages/task-instance/log/logBuffer";
import { LogRow } from "src/pages/task-instance/log/LogRow";
import type { LogStore, Target } from "src/pages/task-instance/log/logStore";

const ROW_PX = 20;
const OVERSCAN = 20;
/** So near an edge, the next stretch is asked for, in pixels. */
const NEAR_PX = 800;
/** So near the end, new lines keep the end in view, in pixels. */
const STICK_PX = 24;

/** The range to copy, by the offsets of its first and last line. */
export type Chosen = { readonly from: LogLine; readonly to: LogLine | undefined };

type LogListProps = {
  readonly buffer: LogBuffer;
  readonly chosen: Chosen | undefined;
  readonly onChoose: (line: LogLine) => void;
  readonly onRest: (line: LogLine) => void;
  /** Called once the person scrolls: from then on, nothing moves by itself. */
  readonly onTouched: () => void;
  readonly store: LogStore;
  readonly target: Target;
};

/** What is at the top of the picture, so that it can stay there when lines come in above. */
type Anchor = { readonly delta: number; readonly offset: number };

/** The lines that are in view, out of those in memory; asks for more as it is scrolled. */
export const LogList = ({ buffer, chosen, onChoose, onRest, onTouched, store, target }: LogListProps) => {
  const { lines } = buffer;
  const scrollerRef = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor>(undefined);
  const stuck = useRef(true);
  const shownTarget = useRef(-1);
  const preferences = usePreferences();
  const [active, setActive] = useState<number>();
  const virtualizer = useVirtualizer({
    count: lines.length,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => lines[index]?.offset ?? index,
    getScrollElement: () => scrollerRef.current,
    measureElement: (element) => element.getBoundingClientRect().height || ROW_PX,
    overscan: OVERSCAN,
  });
  const shown = virtualizer.getVirtualItems();

  const fill = useCallback(() => {
    const scroller = scrollerRef.current;

    if (scroller === null) {
      return;
    }
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;

    stuck.current = below < STICK_PX;
    if (below < NEAR_PX) {
      store.loadBelow();
    }
    if (scroller.scrollTop < NEAR_PX) {
      store.loadAbove();
    }
  }, [store]);

  const remember = useCallback(() => {
    const top = virtualizer.scrollOffset ?? 0;
    const first = virtualizer.getVirtualItemForOffset(top);
    const line = first === undefined ? undefined : lines[first.index];

    anchor.current = first === undefined || line === undefined ? undefined : { delta: top - first.start, offset: line.offset };
  }, [lines, virtualizer]);

  // Before the picture is drawn: to the place that was asked for, or where the reader was.
  useLayoutEffect(() => {
    const { offset, serial } = target;

    if (shownTarget.current !== serial) {
      const index = offset === "end" ? lines.length - 1 : indexAt(buffer, offset);

      shownTarget.current = serial;
      if (index >= 0) {
        virtualizer.scrollToIndex(index, { align: offset === "end" ? "end" : "center" });
      }
    } else if (stuck.current && buffer.atEnd && lines.length > 0) {
      virtualizer.scrollToIndex(lines.length - 1, { align: "end" });
    } else if (anchor.current !== undefined) {
      const { delta, offset: at } = anchor.current;
      const index = lines.findIndex((line) => line.offset === at);
      const start = index === -1 ? undefined : virtualizer.measurementsCache[index]?.start;

      if (start !== undefined && Math.abs(start + delta - (virtualizer.scrollOffset ?? 0)) > 1) {
        virtualizer.scrollToOffset(start + delta);
      }
    }
  }, [buffer, lines, target, virtualizer]);

  // A stretch that does not fill the picture, or holds no line that passes the filter, is not enough.
  useEffect(() => {
    const frame = requestAnimationFrame(fill);

    return () => {
      cancelAnimationFrame(frame);
    };
  }, [buffer, fill]);

  const focusLine = (index: number) => {
    const next = Math.max(0, Math.min(index, lines.length - 1));

    setActive(next);
    virtualizer.scrollToIndex(next, { align: "auto" });
    requestAnimationFrame(() => {
      scrollerRef.current?.querySelector<HTMLElement>(`[data-line="${next}"]`)?.focus({ preventScroll: true });
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];

    onTouched();
    if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      store.jump(event.key === "Home" ? 0 : "end");
    } else if (step !== undefined && event.altKey) {
      // With Alt from line to line, to choose what to copy; without, the browser scrolls.
      event.preventDefault();
      focusLine(active === undefined ? (shown[0]?.index ?? 0) : active + step);
    }
  };
  const from = chosen?.from.offset;
  const to = chosen?.to?.offset ?? from;

  return (
    <div
      aria-label="Lines of the log"
      className={styles.scroller}
      data-testid={testIds.log}
      onKeyDown={onKeyDown}
      onPointerDown={onTouched}
      onScroll={() => {
        remember();
        fill();
      }}
      onWheel={onTouched}
      ref={scrollerRef}
      role="list"
      tabIndex={0}
    >
      <div className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const line = lines[index];

          return line === undefined ? null : (
            <LogRow
              chosen={from !== undefined && to !== undefined && line.offset >= from && line.offset <= to}
              index={index}
              key={key}
              line={line}
              measure={virtualizer.measureElement}
              onChoose={onChoose}
              onRest={onRest}
              preferences={preferences}
              start={start}
              target={target.offset !== "end" && line.offset <= target.offset && line.offset + line.length_bytes > target.offset}
            />
          );
        })}
      </div>
    </div>
  );
};
