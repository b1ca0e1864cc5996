import { clockWords, durationWords, exactWords, relativeWords } from "src/components/times";
import { useNow, useNowBySecond } from "src/host/clock";
import { usePreferences } from "src/host/preferences";

type MomentProps = {
  /** ISO 8601, UTC. */
  readonly at: string;
};

/** "2 h ago" or "in 12 min"; the exact time, in the zone chosen in Airflow, on hover. */
export const TimeAgo = ({ at }: MomentProps) => {
  const preferences = usePreferences();
  const now = useNow();
  const moment = new Date(at);

  return (
    <time dateTime={at} title={exactWords(moment, preferences)}>
      {relativeWords(moment, now)}
    </time>
  );
};

/** "09:12", or "Tue 09:12" when it was another day. */
export const Clock = ({ at }: MomentProps) => {
  const preferences = usePreferences();
  const now = useNow();
  const moment = new Date(at);

  return (
    <time dateTime={at} title={exactWords(moment, preferences)}>
      {clockWords(moment, now, preferences)}
    </time>
  );
};

type DurationProps = {
  /** Seconds; nothing known shows as a dash. */
  readonly s: number | null | undefined;
};

/** "4 m 02 s". */
export const Duration = ({ s }: DurationProps) => (
  <span style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
    {s === null || s === undefined ? "–" : durationWords(s)}
  </span>
);

type RunningForProps = {
  /** ISO 8601, UTC. */
  readonly since: string;
};

/** How long something runs already, growing while one looks. */
export const RunningFor = ({ since }: RunningForProps) => {
  const now = useNowBySecond();

  return <Duration s={Math.max(0, Math.floor((now - new Date(since).getTime()) / 1000))} />;
};
