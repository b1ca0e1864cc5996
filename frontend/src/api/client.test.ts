import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { client, dated } from "src/api/client";
import { NetworkError, NotJsonError, ProblemError } from "src/api/errors";
import { answer, breakDown, disconnect, refuse, server } from "src/test/server";
import { fakeHome } from "src/test/fakes";

const ask = () => dated(client.GET("/api/v1/home"));

describe("the client", () => {
  it("dates an answer by the age of the snapshot that it was made from", async () => {
    answer("/home", fakeHome([]), 40);
    const { asOf, body } = await ask();

    expect(body.worst).toEqual([]);
    expect((Date.now() - asOf) / 1000).toBeCloseTo(40, 0);
  });

  it("makes a ProblemError of the API's own refusal", async () => {
    refuse("get", "/home", 403, "You may not read this");

    await expect(ask()).rejects.toMatchObject({ name: "ProblemError", problem: { status: 403 }, title: "You may not read this" });
    await expect(ask()).rejects.toBeInstanceOf(ProblemError);
  });

  it("tells an answer that is no JSON from one that never came", async () => {
    breakDown("/home");
    await expect(ask()).rejects.toBeInstanceOf(NotJsonError);
    disconnect("/home");
    await expect(ask()).rejects.toBeInstanceOf(NetworkError);
  });

  it("does not trust a JSON content type, nor a success that is a page", async () => {
    server.use(http.get("http://airflow.test/windsock/api/v1/home", () => new HttpResponse("{", { headers: { "Content-Type": "application/json" } })));
    await expect(ask()).rejects.toBeInstanceOf(NotJsonError);
    server.use(http.get("http://airflow.test/windsock/api/v1/home", () => HttpResponse.html("<form>Sign in</form>")));
    await expect(ask()).rejects.toBeInstanceOf(NotJsonError);
  });
});
