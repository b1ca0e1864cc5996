import { useSyncExternalStore } from "react";

export type ColourMode = "dark" | "light";

const read = (): ColourMode => (document.documentElement.classList.contains("dark") ? "dark" : "light");

const subscribe = (listener: () => void): (() => void) => {
  const observer = new MutationObserver(listener);

  observer.observe(document.documentElement, { attributeFilter: ["class"] });

  return () => {
    observer.disconnect();
  };
};

/** Airflow's colour mode, for what CSS cannot decide by itself (a canvas). Style sheets follow the host's tokens. */
export const useColourMode = (): ColourMode => useSyncExternalStore(subscribe, read);
