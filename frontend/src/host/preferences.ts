import { useMemo, useSyncExternalStore } from "react";

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

/**
 * Calls back when a choice may have changed. Airflow writes the time zone with a storage hook that also
 * fires `local-storage` in its own window; the language shows on the root element.
 */
const subscribe = (listener: () => void): (() => void) => {
  const observer = new MutationObserver(listener);

  observer.observe(document.documentElement, { attributeFilter: ["lang"] });
  globalThis.addEventListener("storage", listener);
  globalThis.addEventListener("local-storage", listener);

  return () => {
    observer.disconnect();
    globalThis.removeEventListener("storage", listener);
    globalThis.removeEventListener("local-storage", listener);
  };
};

/** The person's choices in Airflow; the component renders again when they change. */
export const usePreferences = (): Preferences => {
  const language = useSyncExternalStore(subscribe, readLanguage);
  const timeZone = useSyncExternalStore(subscribe, readTimeZone);

  return useMemo(() => ({ language, timeZone }), [language, timeZone]);
};
