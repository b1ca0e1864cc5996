import { act, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it } from "vitest";

import { expose } from "src/host/expose";
import { NAME } from "src/host/names";

const First = () => {
  const [text] = useState("first");

  return <p>{text}</p>;
};
const Second = () => <p>second</p>;

it("puts one component under our name and under the host's own, and swaps it in place", () => {
  expose(First);
  const Exposed = globalThis[NAME];

  if (Exposed === undefined) {
    throw new Error("nothing was exposed");
  }
  expect(globalThis.AirflowPlugin).toBe(Exposed);
  render(<Exposed />);
  expect(screen.getByText("first")).toBeInTheDocument();
  act(() => {
    expose(Second);
  });
  expect(screen.getByText("second")).toBeInTheDocument();
  expect(globalThis[NAME]).toBe(Exposed);
});
