import type { ReactNode } from "react";

import styles from "src/components/Headline.module.css";
import { Skeleton } from "src/components/Skeleton";

type HeadlineSkeletonProps = {
  /** Pixels, of what stands at the right; none without it. */
  readonly actionsWidth?: number;
};

/** Of the size of a headline. */
export const HeadlineSkeleton = ({ actionsWidth }: HeadlineSkeletonProps) => (
  <div className={styles.headline}>
    <div className={styles.sentence}>
      <Skeleton height={16} width={16} />
      <Skeleton height={16} width={320} />
    </div>
    {actionsWidth === undefined ? null : <Skeleton height={28} width={actionsWidth} />}
  </div>
);

type HeadlineProps = {
  readonly actions?: ReactNode;
  /** The parts of the sentence, as elements: they are set apart by dots. */
  readonly children: ReactNode;
  /** Health or state as a shape. */
  readonly mark: ReactNode;
};

/** The first line of a tab: what a person came for, in one sentence, and what can be done about it. */
export const Headline = ({ actions, children, mark }: HeadlineProps) => (
  <header className={styles.headline}>
    <h2 className={styles.sentence}>
      {mark}
      <span className={styles.words}>{children}</span>
    </h2>
    {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
  </header>
);
