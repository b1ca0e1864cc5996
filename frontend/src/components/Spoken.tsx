import type { ReactNode } from "react";

import styles from "src/components/Spoken.module.css";

type SpokenProps = { readonly children: ReactNode };

/**
 * Words for a screen reader only, beside the visible ones. Better than an `aria-label`, which replaces what is visible: who
 * speaks to the computer says what stands on the screen.
 */
export const Spoken = ({ children }: SpokenProps) => (
  <span className={styles.place}>
    <span className={styles.spoken}>{children}</span>
  </span>
);
