import type { components } from "src/api/schema";

export type Problem = components["schemas"]["Problem"];

/** Base of everything that can go wrong with a request: `title` says what, `remedy` what to do about it. */
export abstract class ApiError extends Error {
  abstract readonly remedy: string | undefined;
  abstract readonly title: string;
}

/** The server could not be reached at all. */
export class NetworkError extends ApiError {
  override readonly name = "NetworkError";
  readonly remedy = "Windsock keeps asking; nothing needs to be done here.";
  readonly title = "Airflow could not be reached";
}

/** Something between us and Windsock answered: a proxy's error page, a login page. */
export class NotJsonError extends ApiError {
  override readonly name = "NotJsonError";
  readonly remedy = "Windsock keeps asking; if it lasts, load the page again.";
  readonly title: string;

  constructor(readonly status: number) {
    super(`HTTP ${status} without JSON`);
    this.title = `The server answered, but not with data (HTTP ${status})`;
  }
}

/** Windsock's API said no, in words. */
export class ProblemError extends ApiError {
  override readonly name = "ProblemError";
  readonly remedy: string | undefined;
  readonly title: string;

  constructor(readonly problem: Problem) {
    super(problem.title);
    this.remedy = problem.remedy ?? undefined;
    this.title = problem.title;
  }
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof ProblemError ? error.problem.status : error instanceof NotJsonError ? error.status : undefined;

/** Passing trouble, during which what was last shown stays: no network, any 5xx, an answer that is not JSON. */
export const isOutage = (error: unknown): boolean =>
  !(error instanceof ProblemError) || error.problem.status >= 500 || error.problem.status === 429;

/** Not allowed: what was shown before must go. */
export const isForbidden = (error: unknown): boolean => error instanceof ProblemError && error.problem.status === 403;

export const isNotFound = (error: unknown): boolean => error instanceof ProblemError && error.problem.status === 404;

export const isSignedOut = (error: unknown): boolean => statusOf(error) === 401;

/** What to write about any error, ours or not. */
export const wordsOf = (error: unknown): { readonly detail?: string; readonly remedy?: string; readonly title: string } =>
  error instanceof ApiError
    ? {
        detail: error instanceof ProblemError ? (error.problem.detail ?? undefined) : undefined,
        remedy: error.remedy,
        title: error.title,
      }
    : { title: error instanceof Error ? error.message : String(error) };
