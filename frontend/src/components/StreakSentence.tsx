import type { Streak } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Spoken } from "src/components/Spoken";
import { runsWords } from "src/components/streakWords";
import styles from "src/components/StreakSentence.module.css";
import { Clock } from "src/components/Times";
import { links } from "src/host/links";

type StreakSentenceProps = {
  readonly dagId: string;
  readonly streak: Streak;
};

/**
 * "Failing for 3 runs, since 09:12 (last good 08:12) · re-running since 12:01". The times are links: to the first bad run and
 * to the last good one.
 */
export const StreakSentence = ({ dagId, streak }: StreakSentenceProps) => {
  const { failing_since: since, first_bad_run: first, last_good_run: good, length, rerunning_since: rerunning } = streak;
  const sinceClock = since === null ? null : <Clock at={since} />;

  return (
    <span className={styles.sentence}>
      {length > 0 ? (
        <>
          Failing for <b>{runsWords(streak)}</b>
        </>
      ) : (
        "Failed, and is being run again"
      )}
      {sinceClock === null ? null : (
        <>
          , since{" "}
          {first === null ? (
            sinceClock
          ) : (
            <AirflowLink className={styles.run} to={links.run(dagId, first.run_id)}>
              {sinceClock}
              <Spoken>, first bad run</Spoken>
            </AirflowLink>
          )}
        </>
      )}{" "}
      <span className={styles.good}>
        {good === null ? (
          streak.at_bound ? "(last good run further back)" : "(no good run before)"
        ) : (
          <>
            (last good{" "}
            <AirflowLink className={styles.run} to={links.run(dagId, good.run_id)}>
              <Clock at={good.end_date ?? good.run_after} />
              <Spoken>, last good run</Spoken>
            </AirflowLink>
            )
          </>
        )}
      </span>
      {rerunning === null ? null : (
        <span className={styles.rerunning}>
          {" "}
          ↻ re-running since <Clock at={rerunning} />
        </span>
      )}
    </span>
  );
};
