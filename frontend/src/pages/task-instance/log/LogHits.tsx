import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { ProblemError, wordsOf } from "src/api/errors";
import { type LogFilter, type LogRef, logSearchQuery } from "src/api/log";
import { Button } from "src/components/Button";
import { testIds } from "src/components/testIds";
import { logTimeWords } from "src/components/times";
import { countWords } from "src/components/words";
import { useKeys } from "src/host/keyboard";
import { usePreferences } from "src/host/preferences";
import { visible } from "src/pages/task-instance/log/ansi";
import styles from "src/pages/task-instance/log/Log.module.css";
import { bytesWords } from "src/pages/task-instance/log/words";

type LogHitsProps = {
  readonly filter: LogFilter;
  readonly of: LogRef;
  readonly onJump: (offset: number) => void;
  readonly q: string;
  readonly regex: boolean;
};

/** The lines that match, the last one first, with the way from one to the next. */
export const LogHits = ({ filter, of, onJump, q, regex }: LogHitsProps) => {
  const { data, error, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery(logSearchQuery(of, filter, { q, regex }));
  const preferences = usePreferences();
  const [at, setAt] = useState<number>();
  const pages = data?.pages ?? [];
  const hits = pages.flatMap(({ body }) => body.hits);
  const searched = pages.reduce((sum, { body }) => sum + body.searched_bytes, 0);
  const size = pages.at(-1)?.body.size_bytes ?? 0;
  const goOn = hasNextPage && !isFetching && hits.length === 0 && error === null;

  // Each answer is about as much as can be searched in a moment: a person who waits for the first match need not ask.
  useEffect(() => {
    if (goOn) {
      void fetchNextPage();
    }
  }, [fetchNextPage, goOn]);

  const go = (index: number) => {
    const hit = hits[index];

    if (hit !== undefined) {
      setAt(index);
      onJump(hit.at);
    }
    if (index >= hits.length - 1 && hasNextPage && !isFetching) {
      void fetchNextPage();
    }
  };

  useKeys((key) => {
    if (key !== "n" && key !== "N") {
      return false;
    }
    go(at === undefined ? 0 : key === "n" ? at + 1 : Math.max(0, at - 1));

    return true;
  });

  if (error !== null && hits.length === 0) {
    const { remedy, title } = wordsOf(error);
    const bad = error instanceof ProblemError && error.problem.status === 422;

    return (
      <p className={styles.badPattern} role="alert">
        {bad ? "" : "Could not search: "}
        {title}. {remedy === undefined ? "" : `${remedy}.`}
      </p>
    );
  }

  return (
    <div className={styles.hits} data-testid={testIds.logHits}>
      <div className={styles.hitsHead}>
        <span role="status">
          {hits.length > 0
            ? countWords(hits.length, "line", hasNextPage)
            : hasNextPage || isFetching
              ? `Searching … ${size > 0 ? `${bytesWords(searched)} of ${bytesWords(size)}` : ""}`
              : "No line matches"}
          {at === undefined ? "" : ` · at ${at + 1}`}
          {hits.length > 0 && hasNextPage ? ` · searched ${bytesWords(searched)} of ${bytesWords(size)}` : ""}
        </span>
        <Button
          aria-keyshortcuts="n"
          disabled={hits.length === 0 || (at !== undefined && at >= hits.length - 1 && !hasNextPage)}
          kind="quiet"
          onClick={() => {
            go(at === undefined ? 0 : at + 1);
          }}
          title="n"
        >
          ↑ Earlier match
        </Button>
        <Button
          aria-keyshortcuts="N"
          disabled={at === undefined || at === 0}
          kind="quiet"
          onClick={() => {
            go((at ?? 1) - 1);
          }}
          title="N"
        >
          ↓ Later match
        </Button>
        {hasNextPage && hits.length > 0 ? (
          <Button disabled={isFetching} kind="quiet" onClick={() => void fetchNextPage()}>
            Search on
          </Button>
        ) : null}
      </div>
      {hits.length === 0 ? null : (
        <ol aria-label="Matching lines, the last first" className={styles.hitList}>
          {hits.map((hit, index) => (
            <li key={`${hit.offset} ${index}`}>
              <button
                aria-current={index === at ? "true" : undefined}
                className={styles.hit}
                onClick={() => {
                  go(index);
                }}
                type="button"
              >
                <span className={styles.hitTime}>
                  {hit.timestamp === null ? "" : logTimeWords(new Date(hit.timestamp), preferences)}
                </span>
                {visible(hit.before)}
                <mark className={styles.match}>{visible(hit.match)}</mark>
                {visible(hit.after)}
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
};
