/** A stretch of a line in one look. The text holds no control character any more. */
export type Span = {
  readonly background?: string;
  readonly bold?: true;
  readonly colour?: string;
  readonly faint?: true;
  readonly italic?: true;
  readonly text: string;
  readonly underline?: true;
};

type Look = Omit<Span, "text">;

/** The 16 colours of terminals, in the middle between light and dark: they are mixed with the page's own. */
const COLOURS = [
  "#6b6b73", "#d43f3f", "#2e9e4f", "#b58407", "#2f6fd6", "#a846b8", "#1493a5", "#9a9aa2",
  "#8a8a92", "#f05a5a", "#3fbf66", "#d9a21b", "#5591f5", "#c868d8", "#2bb7c9", "#c6c6cc",
] as const; // prettier-ignore

const CUBE = [0, 95, 135, 175, 215, 255] as const;

/** One of a terminal's 256 colours. */
const colourOf = (index: number): string | undefined => {
  if (index < 16) {
    return COLOURS[index];
  }
  if (index < 232) {
    const at = index - 16;
    const [red, green, blue] = [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((part) => CUBE[part] ?? 0);

    return `rgb(${red ?? 0} ${green ?? 0} ${blue ?? 0})`;
  }
  const grey = 8 + (index - 232) * 10;

  return index < 256 ? `rgb(${grey} ${grey} ${grey})` : undefined;
};

/** The colour that `38;5;n` or `38;2;r;g;b` names, and how many of the codes that takes. */
const extended = (codes: ReadonlyArray<number>, at: number): readonly [string | undefined, number] => {
  if (codes[at + 1] === 5) {
    return [colourOf(codes[at + 2] ?? 0), 2];
  }
  if (codes[at + 1] === 2) {
    const [red, green, blue] = [2, 3, 4].map((offset) => Math.min(codes[at + offset] ?? 0, 255));

    return [`rgb(${red ?? 0} ${green ?? 0} ${blue ?? 0})`, 4];
  }

  return [undefined, 0];
};

const without = (look: Look, ...names: ReadonlyArray<keyof Look>): Look =>
  Object.fromEntries(Object.entries(look).filter(([name]) => !names.some((gone) => gone === name)));

/** The look after one "select graphic rendition" sequence. */
const applied = (before: Look, codes: ReadonlyArray<number>): Look => {
  let look = before;

  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;

    if (code === 0) {
      look = {};
    } else if (code === 1) {
      look = { ...look, bold: true };
    } else if (code === 2) {
      look = { ...look, faint: true };
    } else if (code === 3) {
      look = { ...look, italic: true };
    } else if (code === 4) {
      look = { ...look, underline: true };
    } else if (code === 22) {
      look = without(look, "bold", "faint");
    } else if (code === 23) {
      look = without(look, "italic");
    } else if (code === 24) {
      look = without(look, "underline");
    } else if (code === 38 || code === 48) {
      const [colour, taken] = extended(codes, at);

      at += taken;
      if (colour !== undefined) {
        look = { ...look, [code === 38 ? "colour" : "background"]: colour };
      }
    } else if (code === 39) {
      look = without(look, "colour");
    } else if (code === 49) {
      look = without(look, "background");
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      look = { ...look, colour: colourOf(code < 40 ? code - 30 : code - 82) };
    } else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
      look = { ...look, background: colourOf(code < 50 ? code - 40 : code - 92) };
    }
  }

  return look;
};

const ESCAPE = "\u001B";
// eslint-disable-next-line no-control-regex -- these are what it is about
const SEQUENCE = /\u001B\[([0-9;]*)m/gu;
// Control characters but tab and line end, and what turns the direction of text or hides in it.
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu;

const symbolOf = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;

  if (code < 0x20) {
    return String.fromCodePoint(0x2400 + code);
  }

  return code === 0x7f ? "␡" : `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
};

/** Makes what cannot be seen visible: ␛ for an escape, ‹U+202E› for what would turn the text around. */
export const visible = (text: string): string => text.replaceAll("\r\n", "\n").replaceAll(UNSEEN, symbolOf);

/** More changes of look than this in one line are no help to a reader; the rest keeps the last. */
const MOST_SPANS = 400;

/** A line as spans: colours where a terminal would have them, every other control character as a symbol. */
export const spansOf = (text: string): ReadonlyArray<Span> => {
  if (!text.includes(ESCAPE)) {
    return [{ text: visible(text) }];
  }
  const spans: Array<Span> = [];
  let look: Look = {};
  let from = 0;

  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > from) {
      spans.push({ ...look, text: visible(text.slice(from, match.index)) });
    }
    from = match.index + match[0].length;
    if (spans.length >= MOST_SPANS) {
      break;
    }
    look = applied(look, (match[1] ?? "").split(";").map(Number));
  }
  if (from < text.length) {
    spans.push({ ...look, text: visible(text.slice(from).replaceAll(SEQUENCE, "")) });
  }

  return spans;
};

/** The text alone, colours gone, for copying. */
export const plainText = (text: string): string => text.replaceAll(SEQUENCE, "").replaceAll("\r\n", "\n");
