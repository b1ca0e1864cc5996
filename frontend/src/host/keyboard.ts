import { useEffect, useRef } from "react";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input, textarea, select, [role=dialog] *, [role=menu] *, [role=listbox] *"));

/**
 * Single keys of the page, such as `/` or `j`. Not while a person types, not inside a menu or a dialog, and not with
 * a modifier, which is the browser's or the host's. A handler answers true when it used the key.
 */
export const useKeys = (handle: (key: string) => boolean): void => {
  const latest = useRef(handle);

  useEffect(() => {
    latest.current = handle;
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      if (latest.current(event.key)) {
        event.preventDefault();
      }
    };

    document.addEventListener("keydown", onKeyDown);

    return () => {
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
};
