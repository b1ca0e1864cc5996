import { useSyncExternalStore, type ComponentType } from "react";

import type { HostProps } from "src/host/destination";
import { NAME } from "src/host/names";

type Exposed = {
  component: ComponentType<HostProps>;
  readonly listeners: Set<() => void>;
};

declare global {
  // What the host reads after it imported the bundle.
  var Windsock: ComponentType<HostProps> | undefined;
  var AirflowPlugin: ComponentType<HostProps> | undefined;
  // Outlives an update of this module while developing.
  var windsockExposed: Exposed | undefined;
}

const hostComponent = (exposed: Exposed): ComponentType<HostProps> => {
  const subscribe = (listener: () => void) => {
    exposed.listeners.add(listener);

    return () => exposed.listeners.delete(listener);
  };

  return function Windsock(props: HostProps) {
    const Current = useSyncExternalStore(subscribe, () => exposed.component);

    return <Current {...props} />;
  };
};

/**
 * Puts the component where the host looks for it: under the name of our registrations, and under
 * `AirflowPlugin`, which Airflow 3.3.2 and later clear before they import a bundle.
 *
 * Called again (a module update while developing), it swaps the component inside the one that the host
 * already holds: no reload, and the host's React need not be a development build.
 */
export const expose = (component: ComponentType<HostProps>): void => {
  const exposed = globalThis.windsockExposed;

  if (exposed !== undefined) {
    exposed.component = component;
    exposed.listeners.forEach((listener) => {
      listener();
    });

    return;
  }
  const first: Exposed = { component, listeners: new Set() };

  globalThis.windsockExposed = first;
  globalThis[NAME] = hostComponent(first);
  globalThis.AirflowPlugin = globalThis[NAME];
};
