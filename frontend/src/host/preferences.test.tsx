import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { usePreferences } from "src/host/preferences";

const Show = () => {
  const { language, timeZone } = usePreferences();

  return (
    <p>
      {language} {timeZone}
    </p>
  );
};

it("follows the time zone and the language that are chosen in Airflow, while one looks", async () => {
  localStorage.setItem("timezone", '"Europe/Berlin"');
  document.documentElement.lang = "en";
  render(<Show />);
  expect(screen.getByText("en Europe/Berlin")).toBeInTheDocument();
  act(() => {
    localStorage.setItem("timezone", '"Asia/Tokyo"');
    globalThis.dispatchEvent(new Event("local-storage"));
  });
  expect(screen.getByText("en Asia/Tokyo")).toBeInTheDocument();
  document.documentElement.lang = "de";
  expect(await screen.findByText("de Asia/Tokyo")).toBeInTheDocument();
});

it("takes the browser's where what is stored makes no sense", () => {
  localStorage.setItem("timezone", '"Middle/Earth"');
  document.documentElement.lang = "not a language";
  localStorage.setItem("i18nextLng", "fr");
  render(<Show />);
  expect(screen.getByText(`fr ${new Intl.DateTimeFormat().resolvedOptions().timeZone}`)).toBeInTheDocument();
});
