import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";

import { queryClient } from "src/api/queryClient";
import { server } from "src/test/server";

// The code of a page is fetched when it is first shown, which takes a while on a busy machine.
configure({ asyncUtilTimeout: 4000 });

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
  clientHeight: { configurable: true, get: () => 600 },
  clientWidth: { configurable: true, get: () => 1400 },
  offsetHeight: { configurable: true, get: () => 600 },
  offsetWidth: { configurable: true, get: () => 1400 },
});

Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number) {
  if (typeof to === "object" && to.top !== undefined) {
    this.scrollTop = to.top;
    queueMicrotask(() => this.dispatchEvent(new Event("scroll")));
  }
};
