import { type CSSProperties, memo, type Ref, useState } from "react";

import type { LogLine } from "src/api/types";
import { testIds } from "src/components/testIds";
import { exactWords, logTimeWords } from "src/components/times";
import type { Preferences } from "src/host/preferences";
import { type Span, spansOf } from "src/pages/task-instance/log/ansi";
import styles from "src/pages/task-instance/log/Log.module.css";
import { bytesWords } from "src/pages/task-instance/log/words";

/** So much of a line is drawn at first; each "show more" draws ten times as much. */
const DRAWN = 4000;
const MORE = 10;

const LEVELS: Readonly<Record<string, string | undefined>> = {
  critical: styles.loud,
  debug: styles.faint,
  error: styles.loud,
  warning: styles.warning,
};

const styleOf = ({ background, colour }: Span): CSSProperties | undefined =>
  background === undefined && colour === undefined
    ? undefined
    : {
        // Mixed with the page's own colours, so that none is too faint to read in light or in dark.
        background: background === undefined ? undefined : `color-mix(in oklab, ${background} 30%, var(--ws-bg))`,
        color: colour === undefined ? undefined : `color-mix(in oklab, ${colour} 75%, var(--ws-fg))`,
      };

const classOf = ({ bold, faint, italic, underline }: Span): string =>
  [bold && styles.bold, faint && styles.faint, italic && styles.italic, underline && styles.underline].filter(Boolean).join(" ");

type ColouredProps = { readonly text: string };

/** Text as text: whatever stands in it, none of it becomes markup. */
export const Coloured = ({ text }: ColouredProps) =>
  spansOf(text).map((span, index) => {
    const className = classOf(span);
    const style = styleOf(span);

    return className === "" && style === undefined ? (
      span.text
    ) : (
      <span className={className} key={index} style={style}>
        {span.text}
      </span>
    );
  });

type LongProps = { readonly of: LogLine; readonly onRest: (line: LogLine) => void; readonly text: string };

const Long = ({ of, onRest, text }: LongProps) => {
  const [drawn, setDrawn] = useState(DRAWN);

  return (
    <>
      <Coloured text={text.length > drawn ? text.slice(0, drawn) : text} />
      {text.length > drawn ? (
        <button
          className={styles.rest}
          onClick={() => {
            setDrawn(drawn * MORE);
          }}
          type="button"
        >
          … show the rest ({bytesWords(text.length - drawn)} more)
        </button>
      ) : of.shortened ? (
        <button
          className={styles.rest}
          onClick={() => {
            onRest(of);
          }}
          type="button"
        >
          … show the rest (of {bytesWords(of.length_bytes)})
        </button>
      ) : null}
    </>
  );
};

type LogRowProps = {
  /** Between the two lines that were chosen for copying. */
  readonly chosen: boolean;
  readonly index: number;
  readonly line: LogLine;
  readonly measure: Ref<HTMLDivElement>;
  readonly onChoose: (line: LogLine) => void;
  readonly onRest: (line: LogLine) => void;
  readonly preferences: Preferences;
  readonly start: number;
  /** Where a search or the way to the error led. */
  readonly target: boolean;
};

/** One line of a log, or a piece of one. */
export const LogRow = memo(function LogRow({ chosen, index, line, measure, onChoose, onRest, preferences, start, target }: LogRowProps) {
  const { cut_after: cutAfter, cut_before: cutBefore, error_text: error, facts, level, logger, source, text, timestamp } = line;
  const moment = timestamp === null ? undefined : new Date(timestamp);
  const entries = Object.entries(facts);

  return (
    <div
      aria-current={target ? "location" : undefined}
      className={`${styles.line} ${target ? styles.target : ""} ${chosen ? styles.chosen : ""} ${LEVELS[level ?? ""] ?? ""}`}
      data-index={index}
      data-testid={testIds.logLine}
      ref={measure}
      role="listitem"
      style={{ transform: `translateY(${start}px)` }}
    >
      <button
        className={styles.time}
        data-line={index}
        onClick={() => {
          onChoose(line);
        }}
        tabIndex={-1}
        title={[
          moment === undefined ? "No time" : exactWords(moment, preferences),
          logger,
          source,
          "Click the first and the last line to copy all between",
        ]
          .filter((part) => part !== null)
          .join("\n")}
        type="button"
      >
        {cutBefore ? "⋮" : moment === undefined ? "·" : logTimeWords(moment, preferences)}
      </button>
      <span className={styles.level}>{level ?? ""}</span>
      <span className={styles.text}>
        <Long of={line} onRest={onRest} text={text} />
        {entries.length === 0 ? null : (
          <span className={styles.facts}> {entries.map(([name, value]) => `${name}=${value}`).join(" ")}</span>
        )}
        {error === null ? null : (
          <span className={styles.error}>
            <Long of={line} onRest={onRest} text={error} />
          </span>
        )}
        {cutAfter ? <span className={styles.facts}> … the line goes on below</span> : null}
      </span>
      <span className={styles.source}>{source ?? logger ?? ""}</span>
    </div>
  );
});
