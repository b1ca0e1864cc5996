import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useState } from "react";

import styles from "src/components/RunBars.module.css";
import { barWords } from "src/components/RunStrip";
import { Skeleton } from "src/components/Skeleton";
import { stateShape } from "src/components/StateMark";
import { isUnfinished, stateColour } from "src/components/states";
import { testIds } from "src/components/testIds";
import { Clock } from "src/components/Times";
import { durationWords } from "src/components/times";
import { useNow } from "src/host/clock";
import { useNavigation } from "src/host/navigation";
import { usePreferences } from "src/host/preferences";

export type RunBar = {
  readonly backfill: boolean;
  /** Seconds; null while unfinished. */
  readonly durationS: number | null;
  /** Seconds waited between queued and started. */
  readonly queuedS: number | null;
  readonly runAfter: string;
  readonly runId: string;
  readonly startDate: string | null;
  readonly state: string | null;
  /** An address of `links`. */
  readonly to: string;
};

type RunBarsProps = {
  /** Newest first, as the API has them. */
  readonly bars: ReadonlyArray<RunBar>;
  readonly label: string;
  /** What stands above the bars while none is pointed at. */
  readonly summary: ReactNode;
  /** Seconds; a dashed line. */
  readonly typicalS: number | null;
};

// One run of ten hours must not flatten all others: beyond this many times the usual, bars are cut.
const TALLEST = 4;

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;

const indexOf = (event: SyntheticEvent): number | undefined => {
  const anchor = event.target instanceof Element ? event.target.closest("a") : null;

  return anchor?.dataset["index"] === undefined ? undefined : Number(anchor.dataset["index"]);
};

/** What a bar says in one line. */
const readout = (bar: RunBar, preferences: Parameters<typeof barWords>[1]): string =>
  barWords({ ...bar, state: bar.state ?? "none" }, preferences).split("\n").join(" · ");

/** With the arrow keys from bar to bar, since a stop of the Tab key for each would be too many. */
const stepTo = (event: KeyboardEvent<HTMLElement>) => {
  const anchors = [...event.currentTarget.querySelectorAll("a")];
  const at = indexOf(event) ?? 0;
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, End: anchors.length - 1, Home: 0 }[event.key];

  if (next !== undefined) {
    event.preventDefault();
    anchors[next]?.focus();
  }
};

/**
 * Runs as bars, the newest right: run time by state, the wait before it hatched on top, a sign below all that is not
 * success, a dashed line at what is typical. Each bar is a link; the one that is pointed at says all about itself above.
 */
export const RunBars = ({ bars, label, summary, typicalS }: RunBarsProps) => {
  const [pointed, setPointed] = useState<number>();
  const navigation = useNavigation();
  const preferences = usePreferences();
  const now = useNow();
  const oldestFirst = bars.toReversed();
  const ranS = oldestFirst.map(({ durationS, startDate, state }) =>
    durationS ?? (startDate !== null && isUnfinished(state) ? Math.max(0, (now - Date.parse(startDate)) / 1000) : 0),
  );
  const wholeS = oldestFirst.map(({ queuedS }, index) => (ranS[index] ?? 0) + (queuedS ?? 0));
  const longestS = Math.max(1, ...wholeS);
  const usualS = Math.max(typicalS ?? 0, median(ranS));
  const topS = usualS > 0 ? Math.min(longestS, TALLEST * usualS) : longestS;
  const pointedBar = pointed === undefined ? undefined : oldestFirst[pointed];
  const typicalShare = typicalS === null ? undefined : Math.min(1, typicalS / topS);
  const last = oldestFirst.length - 1;
  const show = (event: SyntheticEvent) => {
    setPointed(indexOf(event));
  };

  return (
    <div className={styles.chart} style={{ "--count": oldestFirst.length }}>
      <p className={styles.readout}>{pointedBar === undefined ? summary : readout(pointedBar, preferences)}</p>
      <div aria-hidden className={styles.axis}>
        <span style={{ "--share": 1 }}>{durationWords(topS)}</span>
        {typicalShare === undefined || typicalShare > 0.8 ? null : (
          <span style={{ "--share": typicalShare }}>{durationWords(typicalS ?? 0)}</span>
        )}
      </div>
      <div aria-hidden className={styles.plot}>
        {typicalShare === undefined ? null : <div className={styles.typical} style={{ "--share": typicalShare }} />}
      </div>
      <div
        aria-label={label}
        className={styles.bars}
        data-testid={testIds.runBars}
        onBlur={() => {
          setPointed(undefined);
        }}
        onClick={navigation.onClick}
        onFocus={show}
        onKeyDown={stepTo}
        onMouseLeave={() => {
          setPointed(undefined);
        }}
        onMouseOver={show}
        role="group"
      >
        {oldestFirst.map((bar, index) => {
          const queuedShare = Math.min(1, (bar.queuedS ?? 0) / topS);
          const ranShare = Math.min(1, (ranS[index] ?? 0) / topS);

          return (
            <a
              aria-label={readout(bar, preferences)}
              className={[
                styles.column,
                bar.state === "success" ? styles.calm : "",
                isUnfinished(bar.state) ? styles.hollow : "",
                (wholeS[index] ?? 0) > topS * 1.001 ? styles.cut : "",
                bar.backfill ? styles.backfill : "",
              ].join(" ")}
              data-index={index}
              href={navigation.hrefOf(bar.to)}
              key={bar.runId}
              style={{
                "--colour": stateColour(bar.state),
                "--queued": Math.min(queuedShare, 1 - Math.min(ranShare, 0.9)).toFixed(3),
                "--ran": ranShare.toFixed(3),
              }}
              tabIndex={index === (pointed ?? last) ? 0 : -1}
            >
              <span className={styles.stack}>
                <span className={styles.queued} />
                <span className={styles.run} />
              </span>
              <span aria-hidden className={styles.sign} style={{ color: stateColour(bar.state) }}>
                {bar.state === "success" ? "" : stateShape(bar.state)}
              </span>
            </a>
          );
        })}
      </div>
      <div aria-hidden className={styles.ends}>
        <span>{oldestFirst[0] === undefined ? null : <Clock at={oldestFirst[0].runAfter} />}</span>
        <span>{last < 1 || oldestFirst[last] === undefined ? null : <Clock at={oldestFirst[last].runAfter} />}</span>
      </div>
    </div>
  );
};

/** Of the size of the bars. */
export const RunBarsSkeleton = () => <Skeleton height={168} width="100%" />;
