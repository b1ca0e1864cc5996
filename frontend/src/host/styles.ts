/** Adds a style sheet to the page; the built modules bring their CSS with them through this. */
export const adoptStyles = (css: string): void => {
  const element = document.createElement("style");

  element.dataset["windsock"] = "";
  element.textContent = css;
  document.head.append(element);
};
