import { type MouseEvent, useCallback } from "react";
import { useHref, useNavigate } from "react-router-dom";

/**
 * Links by the hundred (a bar of a strip, a row of a table): plain anchors with one click handler on what holds them,
 * since a router link for each would cost more than the row it is in.
 */
export type Navigation = {
  /** The real address, with the deployment's prefix: for middle clicks, new tabs and copying. */
  readonly hrefOf: (to: string) => string;
  /** Follows a click on an anchor below by the host's router; leaves clicks with a modifier to the browser. */
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  /** Goes to an address of `links`. */
  readonly open: (to: string) => void;
};

export const useNavigation = (): Navigation => {
  const base = useHref("/").replace(/\/$/u, "");
  const navigate = useNavigate();
  const open = useCallback((to: string) => void navigate(to), [navigate]);
  const hrefOf = useCallback((to: string) => `${base}${to}`, [base]);
  const onClick = useCallback(
    (event: MouseEvent<HTMLElement>) => {
      const anchor = event.target instanceof Element ? event.target.closest("a") : null;
      const href = anchor?.getAttribute("href");
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

      if (plain && !event.defaultPrevented && href?.startsWith(`${base}/`) === true) {
        event.preventDefault();
        open(href.slice(base.length));
      }
    },
    [base, open],
  );

  return { hrefOf, onClick, open };
};

/** Loads the whole page anew, where it is: the way to another version of the bundle. */
export const reloadPage = () => {
  globalThis.location.reload();
};
