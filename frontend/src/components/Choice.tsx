import styles from "src/components/Choice.module.css";

type ChoiceProps = {
  /** What is chosen, for screen readers. */
  readonly label: string;
  readonly onChoose: (value: string) => void;
  readonly options: ReadonlyArray<{ readonly label: string; readonly value: string }>;
  readonly value: string;
};

/** One of a few, all in sight. */
export const Choice = ({ label, onChoose, options, value }: ChoiceProps) => (
  <span aria-label={label} className={styles.choice} role="group">
    {options.map((option) => (
      <button
        aria-pressed={option.value === value}
        className={styles.option}
        key={option.value}
        onClick={() => {
          onChoose(option.value);
        }}
        type="button"
      >
        {option.label}
      </button>
    ))}
  </span>
);
