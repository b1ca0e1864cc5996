import { isOutage } from "src/api/errors";
import type { LogPlace } from "src/api/log";
import type { LogLine, LogWindow } from "src/api/types";
import { isPageHidden } from "src/host/pageHidden";
import { fromWindow, indexAt, isAnother, type LogBuffer, withAbove, withBelow } from "src/pages/task-instance/log/logBuffer";

/** Where the view goes; `serial` tells a second wish for the same place from the first. */
export type Target = { readonly offset: number | "end"; readonly serial: number };

export type LogState = {
  readonly buffer: LogBuffer | undefined;
  /** Of the last request that failed; what was shown stays. */
  readonly error: unknown;
  readonly loading: "above" | "below" | "place" | undefined;
  /** The log was replaced by another while it was read, so reading began anew. */
  readonly restarted: boolean;
  readonly target: Target;
};

type Read = (place: LogPlace, signal: AbortSignal) => Promise<LogWindow>;

const AFTER_TROUBLE_MS = 5000;

/** Reads one log, window by window, and keeps the stretch that is shown. Used by one view at a time. */
export class LogStore {
  private readonly listeners = new Set<() => void>();
  private readonly read: Read;
  private request: AbortController | undefined;
  private state: LogState;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(read: Read, openAt?: number) {
    this.read = read;
    this.state = {
      buffer: undefined,
      error: undefined,
      loading: undefined,
      restarted: false,
      target: { offset: openAt ?? "end", serial: 0 },
    };
  }

  readonly getState = (): LogState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);

    return () => {
      this.listeners.delete(listener);
    };
  };

  /** Begins to read; returns how to end it. */
  readonly start = (): (() => void) => {
    void this.open(this.state.target.offset);

    return () => {
      this.request?.abort();
      clearTimeout(this.timer);
      this.request = undefined;
      this.set({ loading: undefined });
    };
  };

  /** Brings an offset into view, reading around it when it is not in memory. */
  readonly jump = (offset: number | "end"): void => {
    const { buffer } = this.state;
    const there = offset === "end" ? buffer?.atEnd === true : buffer !== undefined && indexAt(buffer, offset) !== -1;

    if (there) {
      this.set({ target: this.next(offset) });
    } else {
      void this.open(offset);
    }
  };

  readonly loadAbove = (): void => {
    const { buffer, loading } = this.state;

    if (buffer !== undefined && !buffer.atStart && loading === undefined) {
      void this.extend("above", { before: buffer.startOffset }, withAbove);
    }
  };

  readonly loadBelow = (): void => {
    const { buffer, loading } = this.state;

    if (buffer !== undefined && !buffer.atEnd && loading === undefined) {
      void this.extend("below", { offset: buffer.endOffset }, withBelow);
    }
  };

  /** Shows a line in full that was only a beginning. */
  readonly replace = (line: LogLine): void => {
    const { buffer } = this.state;

    if (buffer !== undefined) {
      this.set({ buffer: { ...buffer, lines: buffer.lines.map((one) => (one.offset === line.offset ? line : one)) } });
    }
  };

  readonly retry = (): void => {
    const { buffer, target } = this.state;

    if (buffer === undefined) {
      void this.open(target.offset);
    } else {
      this.set({ error: undefined });
      this.follow();
    }
  };

  private next(offset: number | "end"): Target {
    return { offset, serial: this.state.target.serial + 1 };
  }

  private set(change: Partial<LogState>) {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => {
      listener();
    });
  }

  /** One request at a time; undefined when it was overtaken or failed. */
  private async ask(loading: LogState["loading"], place: LogPlace): Promise<LogWindow | undefined> {
    this.request?.abort();
    clearTimeout(this.timer);
    const request = new AbortController();

    this.request = request;
    this.set({ loading });
    try {
      const window = await this.read(place, request.signal);

      if (request.signal.aborted) {
        return undefined;
      }
      this.set({ error: undefined, loading: undefined });

      return window;
    } catch (error) {
      if (!request.signal.aborted) {
        this.set({ error, loading: undefined, ...(isOutage(error) ? {} : { buffer: undefined }) });
        this.later(AFTER_TROUBLE_MS, isOutage(error));
      }

      return undefined;
    }
  }

  private async open(offset: number | "end"): Promise<void> {
    const window = await this.ask("place", offset === "end" ? {} : { around: offset });

    if (window !== undefined) {
      this.set({ buffer: fromWindow(window), target: this.next(offset) });
      this.follow();
    }
  }

  private async extend(
    loading: "above" | "below",
    place: LogPlace,
    grow: (buffer: LogBuffer, window: LogWindow) => LogBuffer,
  ): Promise<void> {
    const window = await this.ask(loading, place);
    const { buffer } = this.state;

    if (window === undefined || buffer === undefined) {
      return;
    }
    // A store that does not answer for once, or a log that is gone, takes nothing away that is shown.
    const readable = window.log_state === "found" || window.log_state === "cut";

    if (readable && isAnother(buffer, window)) {
      this.set({ buffer: undefined, restarted: true });
      void this.open("end");

      return;
    }

    this.set({ buffer: readable ? grow(buffer, window) : { ...buffer, newest: { ...window, size_bytes: buffer.newest.size_bytes } } });
    this.follow();
  }

  /** Asks again for what may come: more of a log that grows, one that arrives late. */
  private follow() {
    const { buffer } = this.state;
    const wait = buffer?.newest.ask_again_s ?? null;

    if (wait !== null) {
      this.later(wait * 1000, true);
    }
  }

  private later(milliseconds: number, again: boolean) {
    clearTimeout(this.timer);
    if (!again) {
      return;
    }
    this.timer = setTimeout(() => {
      const { buffer, loading, target } = this.state;

      if (loading !== undefined) {
        return;
      }
      if (isPageHidden()) {
        this.later(milliseconds, true);
      } else if (buffer === undefined || (buffer.lines.length === 0 && buffer.endOffset === 0)) {
        void this.open(target.offset);
      } else if (buffer.atEnd) {
        void this.extend("below", { offset: buffer.endOffset }, withBelow);
      } else {
        this.later(milliseconds, true);
      }
    }, milliseconds);
  }
}
