import { useState } from "react";

import type { Group } from "src/api/types";

/** A log store that does not answer holds the grouping up for so long, and no longer. */
const LONGEST_WAIT_MS = 10_000;

const NONE: ReadonlyArray<Group> = [];

type Answer = {
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
  readonly groups: ReadonlyArray<Group>;
  /** How many errors are still being read. */
  readonly pending: number;
};

type Memory = {
  readonly groups: ReadonlyArray<Group>;
  /** When the first answer came in which errors were pending; undefined when none are. */
  readonly waitingSince: number | undefined;
};

/**
 * The groups by which to arrange the rows: those of the newest answer in which every error was known, so that rows do not
 * change places one by one while logs are read. Never changed while `held` (the pointer is over the list).
 */
export const useSettled = ({ at, groups, pending }: Answer, held: boolean): ReadonlyArray<Group> => {
  const [memory, setMemory] = useState<Memory>(() =>
    pending === 0 ? { groups, waitingSince: undefined } : { groups: NONE, waitingSince: at },
  );
  const waitingSince = pending === 0 ? undefined : (memory.waitingSince ?? at);
  const waitedEnough = waitingSince === undefined || at - waitingSince >= LONGEST_WAIT_MS;
  const next: Memory = waitedEnough && !held ? { groups, waitingSince: pending === 0 ? undefined : at } : { groups: memory.groups, waitingSince };

  if (next.groups !== memory.groups || next.waitingSince !== memory.waitingSince) {
    setMemory(next);
  }

  return next.groups;
};
