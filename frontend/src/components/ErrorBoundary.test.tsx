import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ErrorBoundary } from "src/components/ErrorBoundary";

const state = { broken: new Error("") };

const Broken = () => {
  if (state.broken.message !== "") {
    throw state.broken;
  }

  return <p>all is well</p>;
};

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("an error of a page stays inside it, and another try is one click away", async () => {
  state.broken = new Error("no such thing");
  render(<ErrorBoundary><Broken /></ErrorBoundary>);
  expect(screen.getByRole("alert")).toHaveTextContent("no such thing");
  state.broken = new Error("");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("all is well")).toBeInTheDocument();
});

test("a part that another version took away asks for a reload, and offers it", () => {
  state.broken = new Error("Failed to fetch dynamically imported module: http://x/assets/Task-1.js");
  render(<ErrorBoundary><Broken /></ErrorBoundary>);
  expect(screen.getByRole("button", { name: "Reload the page" })).toBeEnabled();
  expect(screen.queryByText(/dynamically/u)).not.toBeInTheDocument();
});
