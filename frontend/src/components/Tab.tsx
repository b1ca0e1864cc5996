import type { ReactNode } from "react";

import styles from "src/components/Tab.module.css";

type TabProps = {
  readonly children: ReactNode;
  /** The first lines, close together. */
  readonly head: ReactNode;
  /** Set while these are skeletons. */
  readonly isLoading?: boolean;
};

/** A tab on one of Airflow's pages: what happened, then its parts. */
export const Tab = ({ children, head, isLoading = false }: TabProps) => (
  <div
    aria-busy={isLoading}
    aria-label={isLoading ? "Loading" : undefined}
    className={styles.tab}
    role={isLoading ? "status" : undefined}
  >
    <div className={styles.head}>{head}</div>
    {children}
  </div>
);
