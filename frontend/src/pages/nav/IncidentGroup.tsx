import { AirflowLink } from "src/components/AirflowLink";
import { testIds } from "src/components/testIds";
import { links } from "src/host/links";
import type { Block, Row } from "src/pages/nav/blocks";
import { GroupHead } from "src/pages/nav/GroupHead";
import styles from "src/pages/nav/IncidentGroup.module.css";
import { IncidentRow } from "src/pages/nav/IncidentRow";

/** So many incidents of a cause are in sight before one asks for all. */
const SHOWN = 3;

type CauseBlock = Extract<Block, { readonly kind: "cause" }>;

type IncidentGroupProps = {
  readonly block: CauseBlock;
  readonly isNew: (row: Row) => boolean;
  readonly isOpen: (key: string) => boolean;
  /** Asks for the next page of incidents. */
  readonly onMore: () => void;
  readonly onToggle: (key: string) => void;
};

/** The key of a group among those of the rows. */
export const groupKeyOf = ({ group }: CauseBlock): string => `group:${group.signature}`;

const allKeyOf = (block: CauseBlock): string => `all:${block.group.signature}`;

/** A cause, and the incidents that have it. */
export const IncidentGroup = ({ block, isNew, isOpen, onMore, onToggle }: IncidentGroupProps) => {
  const { above, group, rows, unloaded } = block;
  const key = groupKeyOf(block);
  const all = isOpen(allKeyOf(block));
  // A button in the place of one row would hide what has room.
  const shown = all || rows.length + unloaded <= SHOWN + 1 ? rows : rows.slice(0, SHOWN);
  const hidden = rows.length - shown.length;

  return (
    <li className={styles.group} data-testid={testIds.group}>
      <GroupHead group={group} isOpen={isOpen(key)} onToggle={onToggle} rowKey={key} />
      <ul aria-label={`Incidents with the cause ${group.title}`}>
        {shown.map((row) => (
          <IncidentRow
            gone={row.gone}
            incident={row.item}
            isNew={isNew(row)}
            isOpen={isOpen(row.key)}
            key={row.key}
            onToggle={onToggle}
            signature={group.signature}
          />
        ))}
      </ul>
      {hidden + unloaded > 0 ? (
        <button
          className={styles.more}
          onClick={() => {
            if (hidden > 0) {
              onToggle(allKeyOf(block));
            } else {
              onMore();
            }
          }}
          type="button"
        >
          … {hidden + unloaded} more
        </button>
      ) : null}
      {above.length === 0 ? null : (
        <p className={styles.above}>
          {"also in "}
          {above.map(({ item, key: rowKey }, index) => (
            <span key={rowKey}>
              {index === 0 ? "" : ", "}
              {item.dag_id === null ? (item.file ?? rowKey) : <AirflowLink to={links.dag(item.dag_id)}>{item.dag_display_name ?? item.dag_id}</AirflowLink>}
            </span>
          ))}
          {", above"}
        </p>
      )}
    </li>
  );
};
