import { useSyncExternalStore } from "react";

type Clock = {
  readonly now: () => number;
  readonly subscribe: (listener: () => void) => () => void;
};

/** One timer for everybody who shows an age, stopped on a hidden page and when nobody listens. */
const makeClock = (tickMs: number): Clock => {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  const tick = () => {
    now = Date.now();
    listeners.forEach((listener) => {
      listener();
    });
  };
  const start = () => {
    if (timer === undefined && listeners.size > 0 && !document.hidden) {
      timer = setInterval(tick, tickMs);
    }
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const onVisibility = () => {
    stop();
    if (!document.hidden) {
      tick();
      start();
    }
  };

  return {
    now: () => (timer === undefined && Date.now() - now > tickMs ? (now = Date.now()) : now),
    subscribe: (listener) => {
      if (listeners.size === 0) {
        document.addEventListener("visibilitychange", onVisibility);
      }
      listeners.add(listener);
      start();

      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          stop();
          document.removeEventListener("visibilitychange", onVisibility);
        }
      };
    },
  };
};

const seconds = makeClock(1000);
const halfMinutes = makeClock(30_000);

/** The present in milliseconds, renewed every second. */
export const useNowBySecond = (): number => useSyncExternalStore(seconds.subscribe, seconds.now);

/** The present in milliseconds, renewed every half minute: enough for "2 h ago". */
export const useNow = (): number => useSyncExternalStore(halfMinutes.subscribe, halfMinutes.now);
