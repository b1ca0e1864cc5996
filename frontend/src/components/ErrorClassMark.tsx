import type { ErrorClass } from "src/api/types";
import styles from "src/components/ErrorClassMark.module.css";
import { Icon } from "src/components/Icon";

/** What each class means, in the words of a person who has to act on it. */
const MEANS: Readonly<Record<ErrorClass, string>> = {
  code: "A fault in the Dag's own code",
  data: "Content, schema or contract of the data, or a missing file or partition",
  dependency: "A package, provider, connection or variable is missing or clashes",
  infrastructure: "A network, host, database, store or quota is out of reach, or refuses",
  killed: "Ended from outside: memory, a signal, a lost heartbeat, a node that went",
  timeout: "It took longer than it was allowed to",
  unknown: "No rule tells what kind of failure this is",
};

/** What kind of failure it looks like, in a sentence. */
export const errorClassWords = (errorClass: ErrorClass): string => MEANS[errorClass];

type ErrorClassMarkProps = {
  readonly errorClass: ErrorClass;
  /** The line that decided it: on hover. */
  readonly evidence: string | null;
};

/** The class of a failure as shape and word; it has no colour, since it is no state. */
export const ErrorClassMark = ({ errorClass, evidence }: ErrorClassMarkProps) => (
  <span
    className={styles.mark}
    title={evidence === null ? MEANS[errorClass] : `${MEANS[errorClass]}. Told by: ${evidence}`}
  >
    <Icon name={errorClass === "unknown" ? "question" : errorClass} />
    {errorClass}
  </span>
);
