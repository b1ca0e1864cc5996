import { wordsOf } from "src/api/errors";
import styles from "src/actions/actions.module.css";

type RefusalProps = { readonly error: unknown };

/** Why an action was not done: Airflow's own words, and what to do about it. */
export const Refusal = ({ error }: RefusalProps) => {
  const { detail, remedy, title } = wordsOf(error);

  return (
    <div className={styles.refusal} role="alert">
      <p className={styles.refusalTitle}>{title}.</p>
      {detail === undefined ? null : <p className={styles.refusalWords}>{detail}</p>}
      {remedy === undefined ? null : <p className={styles.muted}>{remedy}.</p>}
    </div>
  );
};
