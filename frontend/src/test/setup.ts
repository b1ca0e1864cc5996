import "@testing-library/jest-dom/vitest";

import { cleanup } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";

import { queryClient } from "src/api/queryClient";
import { server } from "src/test/server";

beforeAll(() => {
  server.listen({ onUnhandledFrame: "error" });
});

afterEach(() => {
  cleanup();
  queryClient.clear();
  server.resetHandlers();
  localStorage.clear();
  document.documentElement.className = "";
  vi.useRealTimers();
});

afterAll(() => {
  server.close();
});

// jsdom lays nothing out, so a virtual list would believe that it has no height.
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: { configurable: true, get: () => 600 },
  offsetWidth: { configurable: true, get: () => 1400 },
});
