/** What stands in the editor: a configuration, or why it is none. */
export type Conf =
  | { readonly conf: Record<string, unknown>; readonly problem?: undefined }
  | { readonly conf?: undefined; readonly problem: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const POSITION = /at position (?<position>\d+)/u;

/** The browser's words, and the line and column where it tells a position only. */
const syntaxWords = (text: string, message: string): string => {
  const position = POSITION.exec(message)?.groups?.position;

  if (position === undefined || message.includes("(line ")) {
    return message;
  }
  const before = text.slice(0, Number(position)).split("\n");

  return `${message} (line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1})`;
};

/** Reads the text of the editor; an empty one is an empty configuration. */
export const readConf = (text: string): Conf => {
  if (text.trim() === "") {
    return { conf: {} };
  }
  try {
    const value: unknown = JSON.parse(text);

    return isRecord(value) ? { conf: value } : { problem: "The configuration must be a JSON object: { … }" };
  } catch (error) {
    return { problem: `Not valid JSON: ${syntaxWords(text, error instanceof Error ? error.message : String(error))}` };
  }
};
