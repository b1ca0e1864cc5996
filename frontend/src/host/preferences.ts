import { useSyncExternalStore } from "react";

/** What the person chose in Airflow: how to write times and numbers. */
export type Preferences = {
  /** BCP 47, e.g. `de` or `zh-CN`. */
  readonly language: string;
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
};

const TIME_ZONE = "timezone";
const LANGUAGE = "i18nextLng";

const stored = (key: string): string | undefined => {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    // Storage can be switched off in a browser: then the browser's own settings hold.
    return undefined;
  }
};

const readTimeZone = (): string => {
  const raw = stored(TIME_ZONE);

  if (raw !== undefined) {
    // Airflow writes the name as JSON.
    const name = raw.replaceAll('"', "");

    try {
      return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      // A name that this browser does not know.
    }
  }

  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
};

const readLanguage = (): string => {
  const candidates = [document.documentElement.lang, stored(LANGUAGE)?.replaceAll('"', ""), navigator.language, "en"];

  for (const candidate of candidates) {
    if (candidate !== undefined && candidate !== "") {
      try {
        return new Intl.Locale(candidate).toString();
      } catch {
        // Not a language tag: the next one.
      }
    }
  }

  return "en";
};

const read = (): Preferences => ({ language: readLanguage(), timeZone: readTimeZone() });

const listeners = new Set<() => void>();
let current = read();

/** Keeps the same object while nothing changed, so that nobody renders for nothing. */
const refresh = (): void => {
  const next = read();

  if (next.language !== current.language || next.timeZone !== current.timeZone) {
    current = next;
    listeners.forEach((listener) => {
      listener();
    });
  }
};

let stopWatching: (() => void) | undefined;

/**
 * Watches for changes, once for everybody: a page shows some hundred times. Airflow writes the time zone with a storage
 * hook that also fires `local-storage` in its own window; the language shows on the root element.
 */
const watch = (): (() => void) => {
  const observer = new MutationObserver(refresh);

  observer.observe(document.documentElement, { attributeFilter: ["lang"] });
  globalThis.addEventListener("storage", refresh);
  globalThis.addEventListener("local-storage", refresh);

  return () => {
    observer.disconnect();
    globalThis.removeEventListener("storage", refresh);
    globalThis.removeEventListener("local-storage", refresh);
  };
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  if (stopWatching === undefined) {
    stopWatching = watch();
    // Something may have changed while nobody looked.
    refresh();
  }

  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      stopWatching?.();
      stopWatching = undefined;
    }
  };
};

/** The person's choices in Airflow; the component renders again when they change. */
export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, () => current);
