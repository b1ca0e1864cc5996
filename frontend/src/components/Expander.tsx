import styles from "src/components/Expander.module.css";
import { Icon } from "src/components/Icon";

type ExpanderProps = {
  readonly isOpen: boolean;
  /** What it shows and hides, for screen readers and on hover. */
  readonly label: string;
  readonly onToggle: () => void;
};

/** Opens and closes what belongs to a row, below it. */
export const Expander = ({ isOpen, label, onToggle }: ExpanderProps) => (
  <button aria-expanded={isOpen} aria-label={label} className={styles.expander} onClick={onToggle} type="button">
    <Icon name="chevron" />
  </button>
);
