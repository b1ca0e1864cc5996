import { useState } from "react";

/** A row, and what became of it since the person has been pointing at the list. */
export type Steady<Item> = {
  /** No longer in the answer: kept in its place until the pointer leaves. */
  readonly gone: boolean;
  readonly item: Item;
  readonly key: string;
};

type Memory<Item> = {
  readonly held: boolean;
  readonly items: ReadonlyArray<Item>;
  readonly rows: ReadonlyArray<Steady<Item>>;
};

const settle = <Item>(items: ReadonlyArray<Item>, keyOf: (item: Item) => string): ReadonlyArray<Steady<Item>> =>
  items.map((item) => ({ gone: false, item, key: keyOf(item) }));

/** Every row stays where it is, with what is new about it; rows that came since stand at the end. */
const hold = <Item>(
  rows: ReadonlyArray<Steady<Item>>,
  items: ReadonlyArray<Item>,
  keyOf: (item: Item) => string,
): ReadonlyArray<Steady<Item>> => {
  const fresh = new Map(items.map((item) => [keyOf(item), item]));
  const kept = rows.map(({ item, key }) => {
    const now = fresh.get(key);

    fresh.delete(key);

    return { gone: now === undefined, item: now ?? item, key };
  });

  return [...kept, ...settle([...fresh.values()], keyOf)];
};

/**
 * Keeps the rows of a list where they are while `held` (the pointer is over it), so that none moves from under the
 * pointer when an answer arrives; in the order of the answer again once it is let go. A change of `scope` (another filter or
 * sorting) always settles.
 */
export const useSteady = <Item>(
  items: ReadonlyArray<Item>,
  keyOf: (item: Item) => string,
  held: boolean,
  scope: string,
): ReadonlyArray<Steady<Item>> => {
  const [memory, setMemory] = useState<Memory<Item> & { readonly scope: string }>(() => ({
    held,
    items,
    rows: settle(items, keyOf),
    scope,
  }));

  if (memory.items !== items || memory.held !== held || memory.scope !== scope) {
    const rows = held && memory.scope === scope ? hold(memory.rows, items, keyOf) : settle(items, keyOf);

    setMemory({ held, items, rows, scope });

    return rows;
  }

  return memory.rows;
};
