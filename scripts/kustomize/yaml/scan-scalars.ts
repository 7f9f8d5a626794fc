import { hasMisplacedTab } from "./block-scalars.ts";

/** A scalar of a text: its value, and where what it takes up ends. */
export type Scanned = { readonly value: string; readonly end: number; readonly isOneLine: boolean };

/** What is wrong with a scalar, and where. */
export class ScanError extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * A scalar without quotes. Its further lines stand at `indent` or deeper, inside brackets anywhere;
 * it ends before a comment, a colon that is followed by a blank and, inside brackets, a bracket.
 */
export function scanPlain(text: string, start: number, indent: number, inFlow: boolean): Scanned {
  let end = plainLineEnd(text, start, inFlow);
  if (text.charCodeAt(skipBlanks(text, end)) !== LF) {
    return { value: text.slice(start, end), end, isOneLine: true };
  }
  let value = text.slice(start, end);
  let isOneLine = true;
  for (;;) {
    const next = nextLine(text, end, indent);
    if (next === undefined) break;
    const { from, breaks, column } = next;
    if ((!inFlow && column < indent) || text.charCodeAt(from) === HASH) break;
    if (column === 0 && isDocumentMarker(text, from)) break;
    const lineEnd = plainLineEnd(text, from, inFlow);
    if (lineEnd === from) break;
    value += fold(breaks) + text.slice(from, lineEnd);
    end = lineEnd;
    isOneLine = false;
  }
  return { value, end, isOneLine };
}

/** A scalar in single quotes, from the first of them. */
export function scanSingleQuoted(text: string, start: number): Scanned {
  let value = "";
  let at = start + 1;
  let isOneLine = true;
  for (;;) {
    quoteEnd.lastIndex = at;
    const stop = quoteEnd.exec(text)?.index ?? text.length;
    if (stop === text.length) throw unclosed(start);
    value += text.slice(at, stop);
    if (text[stop] === "'") {
      if (text[stop + 1] !== "'") return { value, end: stop + 1, isOneLine };
      value += "'";
      at = stop + 2;
      continue;
    }
    const [joined, from] = quotedBreak(text, stop, start);
    value = value.replace(trailingBlanks, "") + joined;
    at = from;
    isOneLine = false;
  }
}

/** A scalar in double quotes, from the first of them. */
export function scanDoubleQuoted(text: string, start: number): Scanned {
  let value = "";
  // Where blanks that an escape made begin to count: a fold does not take those away.
  let kept = 0;
  let at = start + 1;
  let isOneLine = true;
  for (;;) {
    doubleQuoteEnd.lastIndex = at;
    const stop = doubleQuoteEnd.exec(text)?.index ?? text.length;
    if (stop === text.length) throw unclosed(start);
    value += text.slice(at, stop);
    const found = text[stop];
    if (found === '"') return { value, end: stop + 1, isOneLine };
    if (found === "\\" && text[stop + 1] === "\n") {
      const [joined, from] = quotedBreak(text, stop + 1, start);
      value += joined === " " ? "" : `${joined}\n`;
      at = from;
      isOneLine = false;
      kept = value.length;
    } else if (found === "\\") {
      const [letter, length] = readEscape(text, stop);
      value += letter;
      at = stop + length;
      kept = value.length;
    } else {
      const [joined, from] = quotedBreak(text, stop, start);
      value = value.slice(0, kept) + value.slice(kept).replace(trailingBlanks, "") + joined;
      at = from;
      isOneLine = false;
      kept = value.length;
    }
  }
}

/** A literal or folded block, from its `|` or `>`; `parent` is the column that it must be deeper than. */
export function scanBlock(text: string, start: number, parent: number): Scanned {
  blockHeader.lastIndex = start;
  const header = blockHeader.exec(text);
  if (header === null) throw new ScanError(start, "a line break must follow the head of a block");
  const [written, kind, , digit = header[4] ?? ""] = header;
  const chomping = header[2] ?? header[5] ?? "";
  if (digit === "0") throw new ScanError(start, "a block cannot be indented by 0");
  const from = start + written.length;
  const lines: string[] = [];
  let end = from;
  let indent = digit === "" ? 0 : Math.max(parent, 0) + Number(digit);
  if (indent === 0) indent = blockIndent(text, from, parent);
  while (end < text.length) {
    const lineEnd = endOfLine(text, end);
    const line = text.slice(end, lineEnd);
    const blanks = countSpaces(line);
    if (blanks < indent && blanks < line.length) break;
    lines.push(line.slice(indent));
    end = Math.min(lineEnd + 1, text.length);
    if (lineEnd === text.length) break;
  }
  const body = text.slice(from, endOfLine(text, end));
  if (body.includes("\t") && hasMisplacedTab(body, digit !== "", indent)) {
    throw new ScanError(start, "a tab stands where blanks must indent the text");
  }
  const endsInBreak = text[end - 1] === "\n" && end > from;
  return {
    value: joinBlock(lines, endsInBreak, kind === "|", chomping),
    end,
    isOneLine: false,
  };
}

/** The offset behind blanks and tabs. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === SPACE || code === TAB; code = text.charCodeAt(at)) {
    at += 1;
  }
  return at;
}

/** Whether `---` or `...` stands at an offset, alone or before a blank. */
export function isDocumentMarker(text: string, at: number): boolean {
  return (
    (text.startsWith("---", at) || text.startsWith("...", at)) && isBlank(text.charCodeAt(at + 3))
  );
}

/** A blank, a tab, a line break or the end of the text. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LF || code === TAB || Number.isNaN(code);
}

const SPACE = 32;
const TAB = 9;
const LF = 10;
const HASH = 35;
const COLON = 58;

const quoteEnd = /['\n]/g;
const doubleQuoteEnd = /["\\\n]/g;
const trailingBlanks = /[ \t]+$/;
const blockHeader = /([|>])(?:([-+])([0-9])?|([0-9])([-+])?)?[ \t]*(?:#[^\n]*)?(?:\n|$)/y;

function plainLineEnd(text: string, start: number, inFlow: boolean): number {
  let end = start;
  for (let at = start; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === TAB) continue;
    if (Number.isNaN(code) || code === LF) return end;
    if (code === HASH && at > end) return end;
    if (code === COLON && isBlank(text.charCodeAt(at + 1))) return end;
    if (inFlow && isFlowIndicator(code)) return end;
    end = at + 1;
  }
}

/** One of `,?[]{}`, which end a plain scalar inside brackets. */
function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125;
}

/** The next line with content, how many breaks lead there, and where it begins. */
function nextLine(
  text: string,
  from: number,
  indent: number,
): { from: number; breaks: number; column: number } | undefined {
  let breaks = 0;
  let lineStart = from;
  for (let at = from; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF) {
      breaks += 1;
      lineStart = at + 1;
    } else if (code === TAB && breaks > 0 && at - lineStart < indent) {
      throw new ScanError(at, "a tab stands where blanks must indent the text");
    } else if (code !== SPACE && code !== TAB) {
      return breaks === 0 || Number.isNaN(code)
        ? undefined
        : { from: at, breaks, column: at - lineStart };
    }
  }
}

/** One break is a blank, of several the first goes. */
function fold(breaks: number): string {
  return breaks === 1 ? " " : "\n".repeat(breaks - 1);
}

/** What a line break inside quotes, and all blanks and breaks after it, stand for. */
function quotedBreak(text: string, at: number, start: number): [string, number] {
  const next = nextLine(text, at, 0);
  if (next === undefined) throw unclosed(start);
  if (next.column === 0 && isDocumentMarker(text, next.from)) {
    throw new ScanError(next.from, "a document begins or ends inside quotes");
  }
  return [fold(next.breaks), next.from];
}

function unclosed(start: number): ScanError {
  return new ScanError(start, "the quote is not closed");
}

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
};

/** The letter that an escape stands for, and how long the escape is. */
function readEscape(text: string, at: number): [string, number] {
  const name = text[at + 1] ?? "";
  const letter = escapes[name];
  if (letter !== undefined) return [letter, 2];
  const length = name === "x" ? 2 : name === "u" ? 4 : name === "U" ? 8 : 0;
  const digits = text.slice(at + 2, at + 2 + length);
  if (length === 0 || digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw new ScanError(at, `"\\${name}" is no escape of YAML`);
  }
  const code = Number.parseInt(digits, 16);
  // Half a pair of surrogates is no character, so JSON's way to write an emoji is an error.
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw new ScanError(at, "the escape is no character of Unicode");
  }
  return [String.fromCodePoint(code), 2 + length];
}

/** The deepest of the empty lines at the top and the first other one decides. */
function blockIndent(text: string, from: number, parent: number): number {
  let indent = Math.max(parent + 1, 1);
  for (let at = from; at < text.length; ) {
    const lineEnd = endOfLine(text, at);
    const blanks = countSpaces(text.slice(at, lineEnd));
    indent = Math.max(indent, blanks);
    if (at + blanks < lineEnd) break;
    at = lineEnd + 1;
  }
  return indent;
}

function joinBlock(
  lines: readonly string[],
  endsInBreak: boolean,
  isLiteral: boolean,
  chomping: string,
): string {
  let last = lines.length;
  while (last > 0 && lines[last - 1] === "") last -= 1;
  let value = "";
  let empty = 0;
  let wasIndented = true;
  for (let at = 0; at < last; at += 1) {
    const line = lines[at] as string;
    if (line === "") {
      empty += 1;
      continue;
    }
    const isIndented = line.startsWith(" ") || line.startsWith("\t");
    const isFirst = value === "" && at === empty;
    if (isFirst) value += "\n".repeat(empty);
    else if (isLiteral || wasIndented || isIndented) value += "\n".repeat(empty + 1);
    else value += fold(empty + 1);
    value += line;
    empty = 0;
    wasIndented = isIndented;
  }
  const breaks = lines.length - last + (last > 0 ? 1 : 0) - (endsInBreak ? 0 : 1);
  if (chomping === "+") return value + "\n".repeat(Math.max(0, breaks));
  return chomping === "" && last > 0 && breaks > 0 ? `${value}\n` : value;
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}

function countSpaces(line: string): number {
  let count = 0;
  while (line.charCodeAt(count) === SPACE) count += 1;
  return count;
}
