import type { Group, Incident } from "src/api/types";
import type { Steady } from "src/components/useSteady";

export type Row = Steady<Incident>;

/** What stands in the list: an incident by itself, or a cause with its incidents. */
export type Block =
  | {
      /** Incidents with this cause, too, that stand with another cause further up. */
      readonly above: ReadonlyArray<Row>;
      readonly group: Group;
      readonly kind: "cause";
      readonly rows: ReadonlyArray<Row>;
      /** How many of its incidents are on pages that were not asked for yet. */
      readonly unloaded: number;
    }
  | { readonly kind: "incident"; readonly row: Row };

/** A cause of one incident is no block: the incident's own row says as much. */
const SHARED = 2;

/**
 * Sets incidents that share a cause together, where the worst of them stands. No incident stands twice: one with several
 * causes is with the first of them, and the others name it.
 */
export const blocksOf = (rows: ReadonlyArray<Row>, groups: ReadonlyArray<Group>, allLoaded: boolean): ReadonlyArray<Block> => {
  const shared = groups.filter(({ incident_keys: keys }) => keys.length >= SHARED);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const placed = new Set<string>();
  const made = new Set<Group>();
  const blocks: Array<Block> = [];

  for (const row of rows) {
    for (const group of shared) {
      if (!made.has(group) && group.incident_keys.includes(row.key)) {
        const members = rows.filter(({ key }) => group.incident_keys.includes(key));

        made.add(group);
        blocks.push({
          above: members.filter(({ key }) => placed.has(key)),
          group,
          kind: "cause",
          rows: members.filter(({ key }) => !placed.has(key)),
          unloaded: allLoaded ? 0 : group.incident_keys.filter((key) => !byKey.has(key)).length,
        });
        members.forEach(({ key }) => placed.add(key));
      }
    }
    if (!placed.has(row.key)) {
      placed.add(row.key);
      blocks.push({ kind: "incident", row });
    }
  }

  return blocks;
};
