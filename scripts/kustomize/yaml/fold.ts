/** Lines are broken at the first single blank behind this column. */
const LIMIT = 80;

/** A plain text from a column on, its further lines indented. */
export function foldPlain(text: string, indent: number, column: number): string {
  return fold(text, indent, column, 0);
}

/** A text in single quotes, from the column of the first. */
export function foldSingle(text: string, indent: number, column: number): string {
  const doubled = text.replaceAll("'", "''");
  const inner = /[\u2028\u2029]/.test(text)
    ? foldWide(doubled, indent, column + 1)
    : fold(doubled, indent, column + 1, 1);
  return `'${inner}'`;
}

/**
 * Breaks lines at single blanks behind the limit: not beside another blank, and inside quotes, where
 * `edge` is 1, not at the first or last place.
 */
function fold(text: string, indent: number, start: number, edge: number): string {
  const lineStart = `\n${" ".repeat(indent)}`;
  let result = "";
  let from = 0;
  let column = start;
  for (;;) {
    let at = text.indexOf(" ", Math.max(edge, from, from + LIMIT + 1 - column));
    while (at >= 0 && (text[at - 1] === " " || text[at + 1] === " "))
      at = text.indexOf(" ", at + 1);
    if (at < 0 || at >= text.length - edge) return result + text.slice(from);
    result += text.slice(from, at) + lineStart;
    from = at + 1;
    column = indent;
  }
}

/** The same for a text with U+2028 or U+2029, which break lines of their own. */
function foldWide(text: string, indent: number, start: number): string {
  let column = start;
  return text
    .split(/([\u2028\u2029]+)/)
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const padding = index > 0 && part !== "" ? " ".repeat(indent) : "";
      // Blanks at the ends of the whole text are where lines are not broken.
      const folded = padding + fold(part, indent, index > 0 ? indent : column, index > 0 ? 0 : 1);
      column = 0;
      return folded;
    })
    .join("");
}

/** A text in double quotes; a blank that would begin a line is escaped by a backslash before it. */
export function foldDouble(text: string, indent: number, start: number): string {
  // A mark of byte order at the front has go-yaml escape all that follows it.
  if (text.startsWith("\ufeff"))
    return `"${[...text].map((letter) => escaped(letter, true)).join("")}"`;
  const lineStart = `\n${" ".repeat(indent)}`;
  let result = '"';
  let column = start + 1;
  let afterBlank = false;
  let at = 0;
  for (const letter of text) {
    if (letter === " ") {
      if (!afterBlank && column > LIMIT && at > 0 && at < text.length - 1) {
        const mark = text[at + 1] === " " ? "\\" : "";
        result += lineStart + mark;
        column = indent + mark.length;
      } else {
        result += letter;
        column += 1;
      }
      afterBlank = true;
    } else {
      const written = escaped(letter);
      result += written;
      column += written.length;
      afterBlank = false;
    }
    at += letter.length;
  }
  return `${result}"`;
}

/** A text as a block, each of its lines as it is. */
export function literalBlock(text: string, indent: number): string {
  const isBreak = (letter: string | undefined): boolean =>
    letter === "\n" || letter === "\u2028" || letter === "\u2029";
  const hint = text[0] === " " || isBreak(text[0]) ? "2" : "";
  const endsLine = isBreak(text.at(-1));
  const keeps = endsLine && (text.length === 1 || isBreak(text.at(-2)));
  const chomping = endsLine ? (keeps ? "+" : "") : "-";
  const body = text.replace(
    /(^|[\n\u2028\u2029])(?=[^\n\u2028\u2029])/g,
    `$1${" ".repeat(indent)}`,
  );
  return `|${hint}${chomping}\n${body}${endsLine ? "" : "\n"}`;
}

const named: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\v", "\\v"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ["\x1b", "\\e"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\xa0", "\\_"],
  ["\u2028", "\\L"],
  ["\u2029", "\\P"],
]);

const isPlainInQuotes = /^[ !#-[\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/;

function escaped(letter: string, always = false): string {
  if (!always && isPlainInQuotes.test(letter)) return letter;
  const code = letter.codePointAt(0) ?? 0;
  const name = named.get(letter);
  if (name !== undefined) return name;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
