import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

import { isForbidden } from "src/api/errors";
import { type Level, type LogFilter, logErrorQuery, type LogRef, rawLogUrl, readLog } from "src/api/log";
import type { LogErrorPlace, LogLine, LogWindow, TaskInstanceDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Button } from "src/components/Button";
import { ChoiceMenu } from "src/components/Facets";
import { Message } from "src/components/Message";
import { SearchField } from "src/components/SearchField";
import { Section } from "src/components/Section";
import { Skeleton } from "src/components/Skeleton";
import { Failed } from "src/components/States";
import { testIds } from "src/components/testIds";
import { countWords } from "src/components/words";
import { copyText } from "src/host/clipboard";
import { useKeys } from "src/host/keyboard";
import { links } from "src/host/links";
import { useSearchState } from "src/host/searchState";
import { joined, rangeText } from "src/pages/task-instance/log/copyLines";
import styles from "src/pages/task-instance/log/Log.module.css";
import { LogCompare } from "src/pages/task-instance/log/LogCompare";
import { LogHits } from "src/pages/task-instance/log/LogHits";
import { type Chosen, LogList } from "src/pages/task-instance/log/LogList";
import { LogStore } from "src/pages/task-instance/log/logStore";
import { bytesWords } from "src/pages/task-instance/log/words";

const LEVELS: Readonly<Record<Level, string>> = {
  critical: "critical",
  error: "error",
  warning: "warning",
  info: "info",
  debug: "debug",
  none: "without a level",
};

const isLevel = (text: string): text is Level => text in LEVELS;

const EVERYTHING: LogFilter = { levels: [], loggers: [] };

const offsetOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;

type WithoutLinesProps = { readonly filtered: boolean; readonly of: LogRef; readonly window: LogWindow };

const TITLES: Readonly<Record<LogWindow["log_state"], string>> = {
  cut: "Only the end of the log was read.",
  empty: "The log is empty.",
  found: "The log is empty.",
  missing: "There is no log of this try.",
  timed_out: "The log store did not answer in time.",
  unreadable: "The log could not be read.",
};

/** Why there are no lines. */
const WithoutLines = ({ filtered, of, window }: WithoutLinesProps) => {
  const { ask_again_s: again, log_state: state, notes, reason, size_bytes: size } = window;
  const trouble = state === "timed_out" || state === "unreadable";

  return (
    <Message
      testId={trouble ? testIds.failed : testIds.empty}
      title={filtered && size > 0 ? "No line of the log passes the filter." : TITLES[state]}
      tone={trouble ? "failed" : "calm"}
    >
      {reason === null ? null : <p>{reason}</p>}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {again === null ? null : <p>Windsock looks again every {again} s.</p>}
      {trouble ? (
        <p>
          <AirflowLink className={styles.link} to={links.log(of.dagId, of.runId, of.taskId, of.mapIndex, of.tryNumber)}>
            Airflow’s own log page
          </AirflowLink>{" "}
          waits as long as it takes.
        </p>
      ) : null}
    </Message>
  );
};

const LogSkeleton = () => (
  <div aria-label="Reading the log" className={styles.loading} role="status">
    <p className={styles.muted}>Reading the log. One that is not on the API server’s own disk is fetched first.</p>
    {[70, 55, 62, 80, 45, 66].map((width) => (
      <Skeleton height={14} key={width} width={`${width}%`} />
    ))}
  </div>
);

const errorWords = (wanted: boolean, place: LogErrorPlace | undefined): string | undefined => {
  if (place === undefined || place.state === "pending") {
    return wanted ? "Looking for the error …" : undefined;
  }
  if (place.state === "found") {
    return place.certain ? undefined : wanted ? "The last error in the log; it does not say how the try ended" : undefined;
  }

  return wanted ? (place.reason ?? "No error is known in this log") : undefined;
};

type ReaderProps = {
  /** The try failed: the reader goes to the error by itself. */
  readonly failed: boolean;
  readonly filter: LogFilter;
  readonly of: LogRef;
  readonly onSources: (names: ReadonlyArray<string>) => void;
  readonly tools: ReactNode;
};

/** One log under one filter. */
const Reader = ({ failed, filter, of, onSources, tools }: ReaderProps) => {
  const { change, one } = useSearchState();
  const at = offsetOf(one("log_at"));
  const q = one("log_q") ?? "";
  const [store] = useState(() => new LogStore((place, signal) => readLog(of, filter, place, signal), at));
  const { buffer, error, loading, restarted, target } = useSyncExternalStore(store.subscribe, store.getState);
  const [chosen, setChosen] = useState<Chosen>();
  const [said, setSaid] = useState<string>();
  const [wanted, setWanted] = useState(false);
  const touched = useRef(at !== undefined);
  const place = useQuery({ ...logErrorQuery(of), enabled: (failed || wanted) && buffer !== undefined }).data?.body;
  const errorAt = place?.state === "found" ? place.offset : null;
  const filtered = filter.levels.length + filter.loggers.length > 0;

  useEffect(() => store.start(), [store]);

  // Once the error is known, unless the person has begun to read elsewhere.
  useEffect(() => {
    if (errorAt !== null && !touched.current) {
      touched.current = true;
      store.jump(errorAt);
    }
  }, [errorAt, store]);

  const lines = buffer?.lines;

  useEffect(() => {
    onSources([...new Set((lines ?? []).flatMap(({ logger }) => (logger === null ? [] : [logger])))]);
  }, [lines, onSources]);

  const onTouched = useCallback(() => {
    touched.current = true;
  }, []);
  const jump = (offset: number) => {
    touched.current = true;
    store.jump(offset);
    change({ log_at: String(offset) });
  };
  const toError = () => {
    setWanted(true);
    touched.current = false;
    if (errorAt !== null) {
      touched.current = true;
      store.jump(errorAt);
    }
  };
  const onChoose = useCallback((line: LogLine) => {
    setSaid(undefined);
    setChosen((before) => {
      if (before === undefined || before.to !== undefined) {
        return { from: line, to: undefined };
      }

      return line.offset < before.from.offset ? { from: line, to: before.from } : { from: before.from, to: line };
    });
  }, []);
  const onRest = useCallback(
    (line: LogLine) => {
      void readLog(of, EVERYTHING, { offset: line.offset }, new AbortController().signal)
        .then(({ lines: [whole] }) => {
          if (whole !== undefined) {
            store.replace(whole);
          }
        })
        .catch(() => {
          setSaid("Could not load the rest of the line");
        });
    },
    [of, store],
  );
  const copy = (text: Promise<{ readonly text: string; readonly whole: boolean }>, what: string) => {
    setSaid("Copying …");
    void text
      .then(async (got) => {
        const done = await copyText(got.text);

        setSaid(!done ? "The browser did not allow to copy" : got.whole ? `Copied ${what}` : `Copied the first ${bytesWords(got.text.length)}`);
      })
      .catch(() => {
        setSaid("Could not copy: the lines could not be read");
      });
  };

  useKeys((key) => {
    if (key !== "e") {
      return false;
    }
    toError();

    return true;
  });

  const newest = buffer?.newest;
  const note = errorWords(wanted, place);
  const readable = newest === undefined || newest.log_state === "found" || newest.log_state === "cut";

  return (
    <>
      <div className={styles.tools}>
        {tools}
        <Button aria-keyshortcuts="e" kind="quiet" onClick={toError} title="To the error that ended the try (e)">
          ⇤ Error
        </Button>
        <Button
          kind="quiet"
          onClick={() => {
            touched.current = true;
            store.jump("end");
          }}
          title="To the end of the log"
        >
          ⤓ End
        </Button>
        <a className={styles.link} download href={rawLogUrl(of)}>
          Raw ⇩
        </a>
      </div>
      {note === undefined ? null : (
        <p className={styles.banner} role="status">
          {note}
        </p>
      )}
      {restarted ? (
        <p className={styles.banner} role="status">
          The log was replaced while it was read: this is the new one.
        </p>
      ) : null}
      {newest !== undefined && lines !== undefined && lines.length > 0 && (newest.reason !== null || !readable) ? (
        <p className={styles.banner} role="status">
          {newest.log_state === "found" ? "" : `${TITLES[newest.log_state]} `}
          {newest.reason}
        </p>
      ) : null}
      {error !== undefined && buffer !== undefined ? (
        <p className={styles.banner} role="status">
          Airflow could not be reached; Windsock asks again.{" "}
          <button className={styles.link} onClick={store.retry} type="button">
            Ask now
          </button>
        </p>
      ) : null}
      {q === "" ? null : (
        <LogHits filter={filter} key={`${q} ${one("log_regex") ?? ""}`} of={of} onJump={jump} q={q} regex={one("log_regex") === "1"} />
      )}
      {buffer === undefined ? (
        error === undefined ? (
          <LogSkeleton />
        ) : (
          <Failed error={error} of={isForbidden(error) ? "the logs of this task" : "the log"} onRetry={store.retry} />
        )
      ) : lines !== undefined && lines.length > 0 ? (
        <LogList
          buffer={buffer}
          chosen={chosen}
          onChoose={onChoose}
          onRest={onRest}
          onTouched={onTouched}
          store={store}
          target={target}
        />
      ) : filtered && !(buffer.atStart && buffer.atEnd) ? (
        <SearchOn buffer={buffer} store={store} />
      ) : (
        <WithoutLines filtered={filtered} of={of} window={buffer.newest} />
      )}
      {buffer === undefined || lines === undefined || lines.length === 0 ? null : (
        <div className={styles.foot}>
          <span role="status">
            {said ??
              (loading === "above"
                ? "Reading earlier lines …"
                : loading === "place"
                  ? "Reading there …"
                  : buffer.newest.growing
                    ? buffer.atEnd
                      ? "Following: new lines appear by themselves"
                      : "The task is still writing"
                    : buffer.atStart && buffer.atEnd
                      ? `The whole log: ${bytesWords(buffer.newest.size_bytes)}`
                      : `${bytesWords(buffer.startOffset)} to ${bytesWords(buffer.endOffset)} of ${bytesWords(buffer.newest.size_bytes)}`)}
          </span>
          <span className={styles.copying}>
            {chosen === undefined ? null : chosen.to === undefined ? (
              <span className={styles.muted}>Click the time of the last line to copy</span>
            ) : (
              <Button
                kind="quiet"
                onClick={() => {
                  if (chosen.to !== undefined) {
                    copy(rangeText(of, filter, chosen.from, chosen.to), "the chosen lines");
                  }
                }}
              >
                Copy the chosen lines
              </Button>
            )}
            {chosen === undefined ? null : (
              <Button
                kind="quiet"
                onClick={() => {
                  setChosen(undefined);
                }}
              >
                Choose none
              </Button>
            )}
            <Button
              kind="quiet"
              onClick={() => {
                copy(Promise.resolve({ text: joined(lines), whole: true }), countWords(lines.length, "line"));
              }}
            >
              Copy what is loaded ({countWords(lines.length, "line")})
            </Button>
          </span>
        </div>
      )}
    </>
  );
};

type SearchOnProps = { readonly buffer: { readonly newest: LogWindow; readonly startOffset: number }; readonly store: LogStore };

/** While no line has passed the filter yet: on through the log, until one does. */
const SearchOn = ({ buffer: { newest, startOffset }, store }: SearchOnProps) => {
  useEffect(() => {
    if (startOffset > 0) {
      store.loadAbove();
    } else {
      store.loadBelow();
    }
  }, [newest, startOffset, store]);

  return (
    <div className={styles.loading} role="status">
      Looking for lines that pass the filter: {bytesWords(newest.size_bytes - startOffset)} of {bytesWords(newest.size_bytes)}
    </div>
  );
};

type LogProps = { readonly detail: TaskInstanceDetail };

/** The log of the shown try: read from its end, by windows, however long it is. */
export default function Log({ detail }: LogProps) {
  const { dag_id: dagId, map_index: mapIndex, run, shown_try: tryNumber, task_id: taskId, tries } = detail;
  const search = useSearchState();
  const inputRef = useRef<HTMLInputElement>(null);
  const [of] = useStable<LogRef>({ dagId, mapIndex, runId: run.run_id, taskId, tryNumber });
  const [filter, filterKey] = useStable<LogFilter>({
    levels: search.all("log_level").filter(isLevel),
    loggers: search.all("log_source"),
  });
  const [sources, setSources] = useState<ReadonlyArray<string>>([]);
  const withTry = offsetOf(search.one("log_compare"));
  const comparing = withTry !== undefined && withTry !== tryNumber && tries.some(({ try_number: number }) => number === withTry);
  const state = tries.find(({ try_number: number }) => number === tryNumber)?.state;
  const regex = search.one("log_regex") === "1";
  const others = tries.filter(({ try_number: number }) => number !== tryNumber);
  const onSources = useCallback((names: ReadonlyArray<string>) => {
    setSources((before) => (names.every((name) => before.includes(name)) ? before : [...new Set([...before, ...names])].toSorted()));
  }, []);
  const onQuery = useCallback(
    (text: string) => {
      search.change({ log_q: text });
    },
    [search],
  );

  useKeys((key) => {
    if (key !== "/") {
      return false;
    }
    inputRef.current?.focus();

    return true;
  });

  const choices = Object.fromEntries([...new Set([...sources, ...filter.loggers])].map((name) => [name, name]));
  const trySelect =
    tries.length < 2 ? null : (
      <>
        <select
          aria-label="Log of try"
          className={styles.select}
          onChange={({ target: { value } }) => {
            search.change({ log_at: null, log_compare: null, try_number: value }, { push: true });
          }}
          value={tryNumber}
        >
          {tries.map(({ try_number: number }) => (
            <option key={number} value={number}>
              Try {number}
            </option>
          ))}
        </select>
        <select
          aria-label="Compare with another try"
          className={styles.select}
          onChange={({ target: { value } }) => {
            search.change({ log_compare: value }, { push: true });
          }}
          value={comparing ? withTry : ""}
        >
          <option value="">Compare with …</option>
          {others.map(({ try_number: number }) => (
            <option key={number} value={number}>
              with try {number}
            </option>
          ))}
        </select>
      </>
    );

  return (
    <Section
      aside={
        <AirflowLink className={styles.link} to={links.log(dagId, run.run_id, taskId, mapIndex, tryNumber)}>
          in Airflow’s reader
        </AirflowLink>
      }
      title="Log"
    >
      {comparing ? (
        <>
          <div className={styles.tools}>
            {trySelect}
            <Button
              kind="quiet"
              onClick={() => {
                search.change({ log_compare: null }, { push: true });
              }}
            >
              Back to the log
            </Button>
          </div>
          <LogCompare of={of} withTry={withTry} />
        </>
      ) : (
        <Reader
          failed={state === "failed" || state === "up_for_retry"}
          filter={filter}
          key={`${mapIndex} ${tryNumber} ${filterKey}`}
          of={of}
          onSources={onSources}
          tools={
            <>
              {trySelect}
              <ChoiceMenu
                choices={LEVELS}
                chosen={filter.levels}
                name="level"
                onChange={(levels) => {
                  search.change({ log_level: levels }, { push: true });
                }}
              />
              {Object.keys(choices).length === 0 ? null : (
                <ChoiceMenu
                  choices={choices}
                  chosen={filter.loggers}
                  name="source"
                  onChange={(loggers) => {
                    search.change({ log_source: loggers }, { push: true });
                  }}
                />
              )}
              <SearchField inputRef={inputRef} label="Search the log" onChange={onQuery} value={search.one("log_q") ?? ""} />
              <Button
                aria-label="Search by regular expression"
                aria-pressed={regex}
                className={regex ? styles.pressed : ""}
                kind="quiet"
                onClick={() => {
                  search.change({ log_regex: regex ? null : "1" });
                }}
                title="Take what is searched for as a regular expression"
              >
                .*
              </Button>
            </>
          }
        />
      )}
    </Section>
  );
}

/** The same object as long as it says the same, and what it says as a key. */
function useStable<Value>(value: Value): readonly [Value, string] {
  const key = JSON.stringify(value);
  const [held, setHeld] = useState({ key, value });

  if (held.key !== key) {
    setHeld({ key, value });

    return [value, key];
  }

  return [held.value, key];
}
