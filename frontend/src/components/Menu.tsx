import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";

import styles from "src/components/Popup.module.css";

type MenuProps = {
  readonly children: ReactNode;
  /** The button that opens it. */
  readonly trigger: ReactElement;
};

/** A menu of actions. The popup hangs on the page's body, so it brings our root class along. */
export const Menu = ({ children, trigger }: MenuProps) => (
  <BaseMenu.Root modal={false}>
    <BaseMenu.Trigger render={trigger} />
    <BaseMenu.Portal>
      <BaseMenu.Positioner align="end" className={`windsock ${styles.positioner}`} sideOffset={4}>
        <BaseMenu.Popup className={styles.popup}>{children}</BaseMenu.Popup>
      </BaseMenu.Positioner>
    </BaseMenu.Portal>
  </BaseMenu.Root>
);

type MenuItemProps = {
  readonly children: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
};

export const MenuItem = ({ children, danger = false, disabled = false, onClick }: MenuItemProps) => (
  <BaseMenu.Item className={`${styles.item} ${danger ? styles.danger : ""}`} disabled={disabled} onClick={onClick}>
    {children}
  </BaseMenu.Item>
);

export const MenuSeparator = () => <BaseMenu.Separator className={styles.separator} />;
