import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

import styles from "src/components/Popup.module.css";

type DialogProps = {
  readonly children: ReactNode;
  /** The buttons, the safe one first. */
  readonly footer?: ReactNode;
  readonly onClose: () => void;
  readonly open: boolean;
  readonly title: ReactNode;
};

/** A modal dialog: focus stays inside, Escape closes it and goes back to where it was opened from. */
export const Dialog = ({ children, footer, onClose, open, title }: DialogProps) => (
  <BaseDialog.Root
    onOpenChange={(next) => {
      if (!next) {
        onClose();
      }
    }}
    open={open}
  >
    <BaseDialog.Portal className="windsock">
      <BaseDialog.Backdrop className={styles.backdrop} />
      <BaseDialog.Popup className={styles.dialog}>
        <BaseDialog.Title className={styles.dialogTitle}>{title}</BaseDialog.Title>
        {children}
        {footer === undefined ? null : <div className={styles.dialogFooter}>{footer}</div>}
      </BaseDialog.Popup>
    </BaseDialog.Portal>
  </BaseDialog.Root>
);
