import {
  isBlank,
  isDocumentMarker,
  ScanError,
  type Scanned,
  scanDoubleQuoted,
  scanPlain,
  scanSingleQuoted,
} from "./scan-scalars.ts";

/** What stands before a value. */
export type Properties = { readonly anchor?: string; readonly tag?: string };

export const noProperties: Properties = {};

/** Deeper nesting is refused: every step of a build walks objects by recursion. */
const MAX_DEPTH = 1_200;

export type Cursor = ReturnType<typeof createCursor>;

/** A place in a text, and the steps forward that blocks and brackets have in common. */
export function createCursor(text: string) {
  const cursor = {
    text,
    pos: 0,
    lineStart: 0,
    /** Where the last thing that is no blank ended, to see whether a line break came since. */
    tokenEnd: 0,
    depth: 0,
    skip,
    advance,
    take,
    isNewLine,
    isEnd,
    isIndicator,
    enter,
    endOfLine,
    readProperties,
    scanInline,
  };
  return cursor;

  /** Goes to the next thing that is neither blank nor comment. Tabs may not begin a line of a block. */
  function skip(allowTabs: boolean, inFlow = false): void {
    let tabs = allowTabs;
    for (;;) {
      const code = text.charCodeAt(cursor.pos);
      if (code === SPACE || (code === TAB && tabs)) cursor.pos += 1;
      else if (code === LF) {
        cursor.pos += 1;
        cursor.lineStart = cursor.pos;
        tabs = inFlow;
      } else if (code === HASH) cursor.pos = endOfLine(cursor.pos);
      else if (code === TAB)
        throw new ScanError(cursor.pos, "a tab cannot indent a line; use blanks");
      else return;
    }
  }

  function endOfLine(from: number): number {
    const at = text.indexOf("\n", from);
    return at < 0 ? text.length : at;
  }

  function advance(length: number): void {
    cursor.pos += length;
    cursor.tokenEnd = cursor.pos;
  }

  /** Goes over what was scanned. */
  function take(scanned: Scanned): Scanned {
    cursor.pos = scanned.end;
    cursor.tokenEnd = cursor.pos;
    if (!scanned.isOneLine) cursor.lineStart = text.lastIndexOf("\n", cursor.pos - 1) + 1;
    return scanned;
  }

  function isNewLine(): boolean {
    return cursor.lineStart >= cursor.tokenEnd && cursor.tokenEnd > 0;
  }

  function isEnd(): boolean {
    return (
      cursor.pos >= text.length ||
      (cursor.pos === cursor.lineStart && isDocumentMarker(text, cursor.pos))
    );
  }

  function isIndicator(indicator: string): boolean {
    return text[cursor.pos] === indicator && isBlank(text.charCodeAt(cursor.pos + 1));
  }

  function enter(): void {
    cursor.depth += 1;
    if (cursor.depth > MAX_DEPTH) {
      throw new ScanError(cursor.pos, `it is nested deeper than ${MAX_DEPTH} levels`);
    }
  }

  /** An anchor and a tag, in either order, up to the end of their line. */
  function readProperties(inFlow: boolean): Properties {
    let properties = noProperties;
    for (;;) {
      const first = text[cursor.pos];
      if (first !== "&" && first !== "!") return properties;
      properties =
        first === "&" ? { ...properties, anchor: readName() } : { ...properties, tag: readTag() };
      const line = cursor.lineStart;
      skip(true, inFlow);
      if (line !== cursor.lineStart && !inFlow) return properties;
    }
  }

  /** The name after a `&` or `*`. */
  function readName(): string {
    nameForm.lastIndex = cursor.pos + 1;
    const name = nameForm.exec(text)?.[0];
    if (name === undefined) {
      throw new ScanError(
        cursor.pos,
        `a "${text[cursor.pos]}" needs a name of letters, digits, "-" and "_"`,
      );
    }
    advance(name.length + 1);
    return name;
  }

  function readTag(): string {
    tagForm.lastIndex = cursor.pos;
    const tag = tagForm.exec(text)?.[0];
    if (tag === undefined) throw new ScanError(cursor.pos, "a tag must end before a blank");
    advance(tag.length);
    return tag;
  }

  function scanInline(indent: number, inFlow: boolean): Scanned {
    const code = text.charCodeAt(cursor.pos);
    if (code === DOUBLE_QUOTE) return take(scanDoubleQuoted(text, cursor.pos));
    if (code === SINGLE_QUOTE) return take(scanSingleQuoted(text, cursor.pos));
    if (code === ASTERISK) {
      const value = readName();
      return { value, end: cursor.pos, isOneLine: true };
    }
    if (!canBeginPlain(inFlow)) {
      const what = code === TAB ? "a tab" : `"${text[cursor.pos]}"`;
      throw new ScanError(cursor.pos, `${what} cannot begin a value`);
    }
    return take(scanPlain(text, cursor.pos, indent, inFlow));
  }

  function canBeginPlain(inFlow: boolean): boolean {
    const first = text[cursor.pos] ?? "";
    if (first === "-") return !isBlank(text.charCodeAt(cursor.pos + 1));
    if (first === "?" || first === ":") return !inFlow && !isBlank(text.charCodeAt(cursor.pos + 1));
    return !notPlain.has(first);
  }
}

const SPACE = 32;
const TAB = 9;
const LF = 10;
const HASH = 35;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const ASTERISK = 42;

const notPlain = new Set(["", ..."\t\n ,[]{}#&*!|>'\"%@`"]);

const nameForm = /[\w-]+(?=[\s?:,\]}%@`]|$)/y;
const tagForm = /!(?:<[\w;/?:@&=+$,.!~*'()[\]%-]+>|[\w;/?:@&=+$,.!~*'()[\]%-]*)(?=\s|$)/y;
