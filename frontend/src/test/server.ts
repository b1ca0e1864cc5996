import { http, HttpResponse, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";

/** Airflow as the network shows it: nothing answers until a test says what. */
export const server = setupServer();

const BASE = "http://airflow.test/windsock/api/v1";

type Asked = { readonly body: unknown; readonly params: URLSearchParams };

/** Answers GETs of a path, e.g. `/incidents` or `/dags/:dag_id`, with a value or what a function makes of the query. */
export const answer = (path: string, body: JsonBodyType | ((params: URLSearchParams) => JsonBodyType), ageS = 0): void => {
  server.use(
    http.get(`${BASE}${path}`, ({ request }) =>
      HttpResponse.json(typeof body === "function" ? body(new URL(request.url).searchParams) : body, {
        headers: { "Windsock-Snapshot-Age": String(ageS) },
      }),
    ),
  );
};

/** Answers POSTs of a path, and returns the bodies that came. */
export const accept = (path: string, body: JsonBodyType, status = 200): ReadonlyArray<Asked> => {
  const asked: Array<Asked> = [];

  server.use(
    http.post(`${BASE}${path}`, async ({ request }) => {
      asked.push({ body: await request.json(), params: new URL(request.url).searchParams });

      return HttpResponse.json(body, { status });
    }),
  );

  return asked;
};

/** Refuses with a problem of our API. */
export const refuse = (method: "get" | "post", path: string, status: number, title: string, detail?: string): void => {
  server.use(
    http[method](`${BASE}${path}`, () =>
      HttpResponse.json(
        { code: "test", detail, status, title },
        { headers: { "Content-Type": "application/problem+json" }, status },
      ),
    ),
  );
};

/** What a proxy says when the server behind it is away: HTML. */
export const breakDown = (path: string): void => {
  server.use(http.get(`${BASE}${path}`, () => HttpResponse.html("<h1>502 Bad Gateway</h1>", { status: 502 })));
};

/** No answer at all. */
export const disconnect = (path: string): void => {
  server.use(http.get(`${BASE}${path}`, () => HttpResponse.error()));
};

/** An answer that never comes. */
export const hang = (path: string): void => {
  server.use(http.get(`${BASE}${path}`, () => new Promise<never>(() => undefined)));
};
