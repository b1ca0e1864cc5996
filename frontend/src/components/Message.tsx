import type { ReactNode } from "react";

import styles from "src/components/Message.module.css";

type MessageProps = {
  readonly action?: ReactNode;
  readonly children?: ReactNode;
  readonly testId?: string;
  readonly title: ReactNode;
  readonly tone?: "calm" | "failed" | "warning";
};

/** A sentence in the place of content: why nothing is here, and what can be done. */
export const Message = ({ action, children, testId, title, tone = "calm" }: MessageProps) => (
  <div className={`${styles.message} ${styles[tone]}`} data-testid={testId} role={tone === "failed" ? "alert" : "status"}>
    <p className={styles.title}>{title}</p>
    {children === undefined ? null : <div className={styles.body}>{children}</div>}
    {action === undefined ? null : <div className={styles.action}>{action}</div>}
  </div>
);
