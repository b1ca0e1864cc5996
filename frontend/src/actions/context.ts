import { createContext, useContext } from "react";

/** The Dag that an action is about. */
export type ActionTarget = {
  readonly dagId: string;
  readonly paused: boolean;
};

/** What an action without a dialog came to; shown beside the button that was pressed. */
export type Notice = {
  readonly anchor: HTMLElement;
  readonly dagId: string;
  /** Set when it was refused or failed; else it was done. */
  readonly error?: unknown;
  readonly action: "pause" | "unpause";
};

export type Actions = {
  readonly askToDelete: (target: ActionTarget) => void;
  readonly askToTrigger: (target: ActionTarget) => void;
  /** Pauses or unpauses at once; while it is under way a second press does nothing. */
  readonly setPaused: (dagId: string, paused: boolean, anchor: HTMLElement) => void;
  /** The Dags that are being paused or unpaused. */
  readonly switching: ReadonlySet<string>;
};

export const ActionsContext = createContext<Actions | undefined>(undefined);

/** The actions of the page: their dialogs belong to the page, since a row may go while one is open. */
export const useActions = (): Actions => {
  const actions = useContext(ActionsContext);

  if (actions === undefined) {
    throw new Error("No ActionsProvider around this component");
  }

  return actions;
};
