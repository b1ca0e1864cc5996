import { Popover } from "@base-ui/react/popover";
import { useEffect } from "react";

import styles from "src/actions/actions.module.css";
import { type Notice, useActions } from "src/actions/context";
import { Refusal } from "src/actions/Refusal";
import { Button } from "src/components/Button";
import popup from "src/components/Popup.module.css";
import { testIds } from "src/components/testIds";

// Long enough to read and to undo.
const DONE_SHOWN_MS = 8000;

const DONE = {
  pause: "Paused. No new run or task of it starts; tasks that run already go on.",
  unpause: "Unpaused. Its runs start again.",
} as const;

type ActionNoticeProps = {
  readonly notice: Notice;
  readonly onClose: () => void;
};

/** What came of a press of pause or unpause, beside the button: done and how to undo it, or why not. */
export default function ActionNotice({ notice, onClose }: ActionNoticeProps) {
  const { setPaused } = useActions();
  const { action, anchor, dagId, error } = notice;
  const refused = error !== undefined;

  useEffect(() => {
    if (refused) {
      return undefined;
    }
    const timer = setTimeout(onClose, DONE_SHOWN_MS);

    return () => {
      clearTimeout(timer);
    };
  }, [notice, onClose, refused]);

  return (
    <Popover.Root
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
      open
    >
      <Popover.Portal>
        <Popover.Positioner align="end" anchor={anchor} className={`windsock ${popup.positioner}`} sideOffset={4}>
          <Popover.Popup
            className={`${popup.popup} ${styles.notice}`}
            data-testid={testIds.actionNotice}
            finalFocus={false}
            // The focus stays on the button that was pressed.
            initialFocus={false}
          >
            {refused ? (
              <Refusal error={error} />
            ) : (
              <div className={styles.done} role="status">
                <p>{DONE[action]}</p>
                <Button
                  onClick={() => {
                    setPaused(dagId, action === "unpause", anchor);
                  }}
                >
                  Undo
                </Button>
              </div>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
