import type { ReactNode } from "react";

import { isForbidden, isNotFound, isOutage, isSignedOut, wordsOf } from "src/api/errors";
import { Button } from "src/components/Button";
import { Message } from "src/components/Message";
import styles from "src/components/States.module.css";
import { testIds } from "src/components/testIds";
import { useNowBySecond } from "src/host/clock";
import { ageWords } from "src/components/times";

type FailedProps = {
  readonly error: unknown;
  /** What could not be shown, e.g. "the incidents". */
  readonly of: string;
  readonly onRetry?: () => void;
};

/** In the place of content that could not be had: not allowed, not there, or could not load. */
export const Failed = ({ error, of, onRetry }: FailedProps) => {
  const { detail, remedy, title } = wordsOf(error);
  const retry =
    onRetry === undefined ? undefined : (
      <Button onClick={onRetry}>Try again</Button>
    );

  if (isForbidden(error)) {
    return (
      <Message testId={testIds.forbidden} title={`You are not allowed to see ${of}.`}>
        <p>{detail ?? title}</p>
        <p>{remedy}</p>
      </Message>
    );
  }
  if (isSignedOut(error)) {
    return (
      <Message testId={testIds.forbidden} title="You are signed out of Airflow.">
        Load the page again to sign in.
      </Message>
    );
  }
  if (isNotFound(error)) {
    return (
      <Message testId={testIds.empty} title={title}>
        {remedy}
      </Message>
    );
  }

  return (
    <Message action={retry} testId={testIds.failed} title={`Could not load ${of}.`} tone="failed">
      <p>{[title, detail].filter((part) => part !== undefined).join(": ")}</p>
      <p>{remedy}</p>
    </Message>
  );
};

type NoMatchProps = {
  readonly onClear: () => void;
  /** What was looked for, e.g. "Dags". */
  readonly what: string;
};

/** Something is there, but nothing matches the filters. */
export const NoMatch = ({ onClear, what }: NoMatchProps) => (
  <Message action={<Button onClick={onClear}>Clear filters</Button>} testId={testIds.noMatch} title={`No ${what} match these filters.`} />
);

type StaleProps = {
  /** When what is shown was true, milliseconds since the epoch. */
  readonly asOf: number;
  readonly error: unknown;
};

/** Above content that is still shown although asking again fails. Takes no room of its own when it comes or goes. */
export const Stale = ({ asOf, error }: StaleProps) => {
  const now = useNowBySecond();

  return (
    <div className={styles.stale} data-testid={testIds.stale} role="status">
      <span aria-hidden>▲</span> {wordsOf(error).title}. Showing what was true {ageWords((now - asOf) / 1000)} ago; asking
      again.
    </div>
  );
};

/** The part of a query that decides which state is shown. */
export type Asked<Body> = {
  readonly data: { readonly asOf: number; readonly body: Body } | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
};

type LoadedProps<Body> = {
  readonly children: (body: Body, asOf: number) => ReactNode;
  readonly of: string;
  readonly query: Asked<Body>;
  readonly skeleton: ReactNode;
};

/**
 * Shows a query in whatever state it is: the skeleton, the content, the content with its age while the server is out of
 * reach, or why there is none. What was shown goes only when the caller may no longer see it, or it is gone.
 */
export const Loaded = <Body,>({ children, of, query, skeleton }: LoadedProps<Body>) => {
  const { data, error } = query;
  const failed = error !== null && error !== undefined;

  if (data === undefined || (failed && !isOutage(error) && !isSignedOut(error))) {
    return failed ? <Failed error={error} of={of} onRetry={() => void query.refetch()} /> : skeleton;
  }

  return (
    <>
      {failed ? <Stale asOf={data.asOf} error={error} /> : null}
      {children(data.body, data.asOf)}
    </>
  );
};
