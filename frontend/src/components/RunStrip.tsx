import { memo, type MouseEvent } from "react";

import type { Strip } from "src/api/types";
import styles from "src/components/RunStrip.module.css";
import { isUnfinished, stateColour, stateWords } from "src/components/states";
import { testIds } from "src/components/testIds";
import { durationWords, exactWords } from "src/components/times";
import { links } from "src/host/links";
import { type Navigation } from "src/host/navigation";
import { type Preferences } from "src/host/preferences";

const LENGTH = 25;
const TYPICAL_SHARE = 0.45;
const LOWEST_SHARE = 0.12;
const UNFINISHED_SHARE = 0.6;

const median = (values: ReadonlyArray<number>): number | undefined =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];

/** Where a typical run reaches 45 % of the height, so that one twice as long still fits. */
const shareOf = (durationS: number | null, typicalS: number | undefined): number => {
  if (durationS === null) {
    return UNFINISHED_SHARE;
  }
  if (typicalS === undefined || typicalS <= 0) {
    return TYPICAL_SHARE;
  }

  return Math.min(1, Math.max(LOWEST_SHARE, (durationS / typicalS) * TYPICAL_SHARE));
};

type RunStripProps = {
  readonly dagId: string;
  readonly navigation: Navigation;
  readonly preferences: Preferences;
  readonly strip: Strip;
  /** The Dag's own typical duration; while it is not known, the median of the strip. Seconds. */
  readonly typicalS: number | null;
};

type Bar = {
  readonly backfill: boolean;
  readonly durationS: number | null;
  readonly queuedS: number | null;
  readonly runAfter: string;
  readonly runId: string;
  readonly state: string;
};

const barsOf = (strip: Strip): ReadonlyArray<Bar> => {
  const backfills = new Set(strip.backfill);

  return strip.run_ids.map((runId, index) => ({
    backfill: backfills.has(index),
    durationS: strip.durations_s[index] ?? null,
    queuedS: strip.queued_s[index] ?? null,
    runAfter: strip.run_afters[index] ?? "",
    runId,
    state: strip.states[index] ?? "",
  }));
};

/** What a bar says when it is pointed at, and to a screen reader. */
export const barWords = (bar: Bar, preferences: Preferences): string =>
  [
    `${bar.runId}${bar.backfill ? " (backfill: does not count)" : ""}`,
    exactWords(new Date(bar.runAfter), preferences),
    bar.durationS === null ? stateWords(bar.state) : `${stateWords(bar.state)} after ${durationWords(bar.durationS)}`,
    bar.queuedS !== null && bar.queuedS >= 1 ? `waited ${durationWords(bar.queuedS)}` : "",
  ]
    .filter((line) => line !== "")
    .join("\n");

/** Titles are made when they are needed: writing dates for some thousand bars takes longer than drawing them. */
const addTitle = (event: MouseEvent<HTMLElement>, bars: ReadonlyArray<Bar>, preferences: Preferences) => {
  const anchor = event.target instanceof HTMLAnchorElement ? event.target : undefined;
  const bar = bars[Number(anchor?.dataset["index"])];

  if (anchor !== undefined && bar !== undefined && anchor.title === "") {
    anchor.title = barWords(bar, preferences);
  }
};

/**
 * The newest runs as bars, oldest left: height by duration against what is typical for this Dag, colour by state, a tick
 * below a failed one, hollow while unfinished, notched when a backfill made it. Each bar is a link to its run.
 */
export const RunStrip = memo(function RunStrip({ dagId, navigation, preferences, strip, typicalS }: RunStripProps) {
  const bars = barsOf(strip);
  const typical = typicalS ?? median(bars.flatMap((bar) => (bar.durationS === null ? [] : [bar.durationS])));

  return (
    <span
      aria-label={`Last ${bars.length} runs, oldest first`}
      className={styles.strip}
      data-testid={testIds.runStrip}
      onMouseOver={(event) => {
        addTitle(event, bars, preferences);
      }}
      role="group"
      style={{ "--length": LENGTH }}
    >
      {bars.map((bar, index) => (
        <a
          aria-label={`${stateWords(bar.state)} ${bar.runId}`}
          className={[
            styles.bar,
            isUnfinished(bar.state) ? styles.hollow : "",
            bar.state === "failed" ? styles.failed : "",
            bar.state === "success" ? styles.calm : "",
            bar.backfill ? styles.backfill : "",
          ].join(" ")}
          data-index={index}
          href={navigation.hrefOf(links.run(dagId, bar.runId))}
          key={bar.runId}
          style={{ "--colour": stateColour(bar.state), "--share": shareOf(bar.durationS, typical).toFixed(2) }}
          tabIndex={-1}
        />
      ))}
    </span>
  );
});
