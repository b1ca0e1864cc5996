import { useState } from "react";

type Opened = { readonly opened_at: string };

/**
 * Tells which incidents opened after the list was first shown, so that they can be marked: they stand in their place, not
 * at the top. Compared by the server's own times, since the clock of a browser may be wrong.
 */
export const useArrivals = (items: ReadonlyArray<Opened>): ((item: Opened) => boolean) => {
  const [newest] = useState(() => Math.max(0, ...items.map(({ opened_at: at }) => Date.parse(at))));

  return ({ opened_at: at }) => Date.parse(at) > newest;
};
