import type { ReactNode } from "react";

import styles from "src/components/Facts.module.css";

export type Fact = {
  readonly label: string;
  /** Nothing known shows as a dash. */
  readonly value: ReactNode;
};

type FactsProps = { readonly facts: ReadonlyArray<Fact> };

/** Named values, as many beside each other as there is room for. */
export const Facts = ({ facts }: FactsProps) => (
  <dl className={styles.facts}>
    {facts.map(({ label, value }) => (
      <div className={styles.fact} key={label}>
        <dt className={styles.label}>{label}</dt>
        <dd className={styles.value}>{value ?? "–"}</dd>
      </div>
    ))}
  </dl>
);
