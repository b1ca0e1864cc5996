import type { LogRecord } from "src/api/types";
import { Section } from "src/components/Section";
import { logTimeWords } from "src/components/times";
import { usePreferences } from "src/host/preferences";
import styles from "src/pages/task-instance/ErrorReport.module.css";

const LOUD = new Set(["critical", "error", "fatal"]);

type LogTailProps = { readonly tail: ReadonlyArray<LogRecord> };

/** The last lines of the log, in the place of a traceback. */
export const LogTail = ({ tail }: LogTailProps) => {
  const preferences = usePreferences();

  return (
    <Section aside="there is no traceback in it" title="The end of the log">
      <ol className={styles.tail} tabIndex={0}>
        {tail.map(({ level, text, timestamp }, index) => (
          <li className={LOUD.has(level?.toLowerCase() ?? "") ? styles.loud : undefined} key={index}>
            <span>{timestamp === null ? "" : logTimeWords(new Date(timestamp), preferences)}</span>
            <span>{level ?? ""}</span>
            <span className={styles.text}>{text}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
};
