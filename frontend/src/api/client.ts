import createClient from "openapi-fetch";

import { NetworkError, NotJsonError, type Problem, ProblemError } from "src/api/errors";
import type { paths } from "src/api/schema";
import { windsockUrl } from "src/host/base";

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/u;

const isProblem = (body: unknown): body is Problem =>
  typeof body === "object" && body !== null && "title" in body && typeof body.title === "string" && "status" in body;

/** Sends a request, and makes one of our errors of whatever is no JSON answer of success. */
const send = async (request: Request): Promise<Response> => {
  const response = await fetch(request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw new NetworkError("No answer", { cause: error });
  });

  if (!JSON_TYPE.test(response.headers.get("content-type") ?? "")) {
    throw new NotJsonError(response.status);
  }
  if (response.ok) {
    return response;
  }
  const body: unknown = await response.json().catch(() => undefined);

  throw isProblem(body) ? new ProblemError(body) : new NotJsonError(response.status);
};

/**
 * The one client of our API, typed by its OpenAPI. The browser's cache keeps the ETags: `no-cache` makes it ask
 * again each time, and an unchanged answer costs a 304.
 */
export const client = createClient<paths>({
  baseUrl: windsockUrl(),
  cache: "no-cache",
  credentials: "same-origin",
  fetch: send,
  querySerializer: { array: { explode: true, style: "form" } },
});

/** An answer and the moment it describes. */
export type Dated<Body> = {
  /** Milliseconds since the epoch: when what it says was true. */
  readonly asOf: number;
  readonly body: Body;
};

const AGE_HEADER = "Windsock-Snapshot-Age";

/** Takes an answer of the client; ages are counted from the moment that the server's snapshot was made. */
export const dated = async <Body>(
  answer: Promise<{ data?: Body; response: Response }>,
): Promise<Dated<Body>> => {
  const { data, response } = await answer.catch((error: unknown) => {
    // The header said JSON and the body was none.
    throw error instanceof SyntaxError ? new NotJsonError(200) : error;
  });

  if (data === undefined) {
    throw new NotJsonError(response.status);
  }
  const ageS = Number(response.headers.get(AGE_HEADER) ?? "0");

  return { asOf: Date.now() - (Number.isFinite(ageS) ? ageS : 0) * 1000, body: data };
};
