import { lazy, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from "react";

import { askAgainAbout, pauseDag, unpauseDag } from "src/api/actions";
import { type Actions, ActionsContext, type ActionTarget, type Notice } from "src/actions/context";

const TriggerDialog = lazy(() => import("src/actions/TriggerDialog"));
const DeleteDialog = lazy(() => import("src/actions/DeleteDialog"));
const ActionNotice = lazy(() => import("src/actions/ActionNotice"));

type Asked = ActionTarget & { readonly action: "delete" | "trigger" };

type ActionsProviderProps = { readonly children: ReactNode };

/** Holds the dialogs and notices of the actions, so that a refresh of the page beneath does not take them away. */
export const ActionsProvider = ({ children }: ActionsProviderProps) => {
  const [asked, setAsked] = useState<Asked>();
  const [notice, setNotice] = useState<Notice>();
  const [switching, setSwitching] = useState<ReadonlySet<string>>(new Set());
  // State is a render behind: a second press in the same moment must see the first.
  const underWay = useRef(new Set<string>());

  const setPaused = useCallback((dagId: string, paused: boolean, anchor: HTMLElement) => {
    const action = paused ? "pause" : "unpause";
    const renew = () => {
      setSwitching(new Set(underWay.current));
    };

    if (underWay.current.has(dagId)) {
      return;
    }
    underWay.current.add(dagId);
    renew();
    setNotice(undefined);
    (paused ? pauseDag(dagId) : unpauseDag(dagId))
      .then(
        async () => {
          // Shown only when the page says so too.
          await askAgainAbout(dagId);
          setNotice({ action, anchor, dagId });
        },
        (error: unknown) => {
          setNotice({ action, anchor, dagId, error });
        },
      )
      .finally(() => {
        underWay.current.delete(dagId);
        renew();
      });
  }, []);

  const actions = useMemo<Actions>(
    () => ({
      askToDelete: (target) => {
        setAsked({ ...target, action: "delete" });
      },
      askToTrigger: (target) => {
        setAsked({ ...target, action: "trigger" });
      },
      setPaused,
      switching,
    }),
    [setPaused, switching],
  );
  const close = () => {
    setAsked(undefined);
  };
  const closeNotice = useCallback(() => {
    setNotice(undefined);
  }, []);

  return (
    <ActionsContext value={actions}>
      {children}
      <Suspense fallback={null}>
        {asked?.action === "trigger" ? <TriggerDialog dagId={asked.dagId} onClose={close} paused={asked.paused} /> : null}
        {asked?.action === "delete" ? <DeleteDialog dagId={asked.dagId} onClose={close} /> : null}
        {notice === undefined ? null : <ActionNotice notice={notice} onClose={closeNotice} />}
      </Suspense>
    </ActionsContext>
  );
};
