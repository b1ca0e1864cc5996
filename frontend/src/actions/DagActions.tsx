import type { MouseEvent } from "react";

import { useActions } from "src/actions/context";
import { Button } from "src/components/Button";
import { Icon } from "src/components/Icon";
import { Menu, MenuItem } from "src/components/Menu";

type DagActionsProps = {
  /** Signs in place of words, for rows. */
  readonly compact?: boolean;
  readonly dagId: string;
  readonly paused: boolean;
};

/** What can be done with a Dag, where its trouble is read. Whether a person may is Airflow's to say, when asked. */
export const DagActions = ({ compact = false, dagId, paused }: DagActionsProps) => {
  const { askToDelete, askToTrigger, setPaused, switching } = useActions();
  const target = { dagId, paused };
  const isSwitching = switching.has(dagId);
  const kind = compact ? "quiet" : "plain";
  const pauseWord = paused ? "Unpause" : "Pause";

  return (
    <>
      <Button
        aria-label={compact ? `Trigger ${dagId}` : undefined}
        kind={kind}
        onClick={() => {
          askToTrigger(target);
        }}
        title={compact ? "Trigger…" : undefined}
      >
        {compact ? <Icon name="trigger" /> : "Trigger…"}
      </Button>
      <Button
        // Not disabled: a disabled button would lose the focus of who pressed it.
        aria-disabled={isSwitching}
        aria-label={compact ? `${pauseWord} ${dagId}` : undefined}
        kind={kind}
        onClick={(event: MouseEvent<HTMLButtonElement>) => {
          setPaused(dagId, !paused, event.currentTarget);
        }}
        title={compact ? pauseWord : undefined}
      >
        {compact ? <Icon name={paused ? "play" : "pause"} /> : pauseWord}
      </Button>
      <Menu
        trigger={
          <Button aria-label={compact ? `More about ${dagId}` : "More"} kind={kind}>
            <Icon name="more" />
          </Button>
        }
      >
        <MenuItem
          danger
          onClick={() => {
            askToDelete(target);
          }}
        >
          Delete…
        </MenuItem>
      </Menu>
    </>
  );
};
