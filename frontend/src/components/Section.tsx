import type { ReactNode } from "react";

import styles from "src/components/Section.module.css";

type SectionProps = {
  /** At the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly title: string;
};

/** A titled part of a tab. */
export const Section = ({ aside, children, title }: SectionProps) => (
  <section aria-label={title} className={styles.section}>
    <div className={styles.head}>
      <h3 className={styles.title}>{title}</h3>
      {aside === undefined ? null : <div className={styles.aside}>{aside}</div>}
    </div>
    {children}
  </section>
);

type NothingProps = { readonly children: ReactNode };

/** Why a section has no rows, in a line. */
export const Nothing = ({ children }: NothingProps) => <p className={styles.empty}>{children}</p>;
