import { Button } from "src/components/Button";
import { Dialog } from "src/components/Dialog";
import styles from "src/pages/nav/KeysDialog.module.css";

const KEYS: ReadonlyArray<readonly [string, string]> = [
  ["/", "Search"],
  ["j", "Next row"],
  ["k", "Row before"],
  ["Enter", "Open the Dag of the row"],
  ["e", "Open and close the error of the row"],
  ["Esc", "Close what opened last; empty the search"],
  ["?", "This list"],
];

type KeysDialogProps = { readonly onClose: () => void };

export default function KeysDialog({ onClose }: KeysDialogProps) {
  return (
    <Dialog footer={<Button onClick={onClose}>Close</Button>} onClose={onClose} open title="Keys">
      <dl className={styles.keys}>
        {KEYS.map(([key, does]) => (
          <div className={styles.pair} key={key}>
            <dt>
              <kbd className={styles.key}>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
