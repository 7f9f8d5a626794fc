import type { Node } from "../node/node.ts";
import { type Cursor, noProperties as none, type Properties } from "./cursor.ts";
import type { Built, Nodes } from "./nodes.ts";
import { parseFlow } from "./parse-flow.ts";
import { isBlank, ScanError, scanBlock, skipBlanks } from "./scan-scalars.ts";

/** Reads the value of a document; `allowsBlock` says whether a block may begin in the current line. */
export function parseBlock(cursor: Cursor, nodes: Nodes, allowsBlock: boolean): Node {
  const { text } = cursor;
  return parseNode(-1, allowsBlock, false, cursor.pos);

  /**
   * The value after a key, a dash or the start of a document. `parent` is the column of what it
   * belongs to; a list may stand at that column where `allowsList`. `allowsBlock` says whether a
   * mapping or list may begin in the same line, and `mark` is what a value without one of its own gets.
   */
  function parseNode(
    parent: number,
    allowsBlock: boolean,
    allowsList: boolean,
    mark: number,
  ): Node {
    // Only what stands after a key may be a list at the parent's own column.
    const isKeyed = allowsList;
    cursor.skip(!allowsBlock);
    let canBegin = allowsBlock || cursor.isNewLine();
    let start = cursor.pos;
    if (isOutside(parent, allowsList)) return nodes.empty(mark, none, false);
    let properties = none;
    let ownLine = false;
    if (text[cursor.pos] === "&" || text[cursor.pos] === "!") {
      properties = cursor.readProperties(false);
      ownLine = cursor.isNewLine();
    }
    if (ownLine) {
      canBegin = true;
      start = cursor.pos;
      if (isOutside(parent, allowsList)) return nodes.empty(mark, properties, false);
    }
    if (cursor.isIndicator("-") || cursor.isIndicator("?")) {
      if (!canBegin)
        throw new ScanError(cursor.pos, `a "${text[cursor.pos]}" cannot begin a block here`);
      const place = isKeyed ? mark : cursor.pos;
      return text[cursor.pos] === "-"
        ? blockSequence(properties, place, cursor.pos - cursor.lineStart === parent)
        : blockMapping(undefined, cursor.pos - cursor.lineStart, properties, place);
    }
    const column = start - cursor.lineStart;
    const startLine = cursor.lineStart;
    const first = text[cursor.pos];
    if (first === "|" || first === ">") {
      const at = cursor.pos;
      const { value, end } = cursor.take(scanBlock(text, cursor.pos, parent));
      cursor.lineStart = end;
      return nodes.block(value, at, properties);
    }
    const own = ownLine ? none : properties;
    const at = cursor.pos;
    if (first === "[" || first === "{") {
      const node = parseFlow(cursor, nodes, properties, isKeyed ? mark : cursor.pos);
      refuseKey(true);
      return node;
    }
    const scanned = cursor.scanInline(parent + 1, false);
    const after = skipBlanks(text, cursor.pos);
    if (text[after] !== ":" || !isBlank(text.charCodeAt(after + 1))) {
      return nodes.inline(scanned, at, properties, text[at]);
    }
    cursor.pos = after;
    if (!canBegin || !scanned.isOneLine || startLine !== cursor.lineStart) refuseKey(false);
    const key = nodes.key(scanned, at, own, text[at], cursor.depth > 0);
    const outer = ownLine ? properties : none;
    return blockMapping(key, column, outer, isKeyed ? mark : start);
  }

  /** Whether what comes next is too far left to belong to a block at a column. */
  function isOutside(parent: number, allowsList: boolean): boolean {
    if (cursor.isEnd()) return true;
    const column = cursor.pos - cursor.lineStart;
    if (column > parent || !cursor.isNewLine()) return false;
    return !(allowsList && column === parent && cursor.isIndicator("-"));
  }

  function refuseKey(isCollection: boolean): void {
    const after = skipBlanks(text, cursor.pos);
    if (text[after] !== ":" || !isBlank(text.charCodeAt(after + 1))) return;
    throw new ScanError(
      after,
      isCollection
        ? "a key must be a text, not a mapping or a list"
        : "a key with a value cannot stand here; a text with a colon needs quotes",
    );
  }

  function blockSequence(properties: Properties, mark: number, isIndentless: boolean): Node {
    cursor.enter();
    const column = cursor.pos - cursor.lineStart;
    const items: Node[] = [];
    const built = nodes.open(properties, mark);
    for (;;) {
      const dash = cursor.pos;
      cursor.advance(1);
      items.push(parseNode(column, true, false, dash));
      if (!continues(column)) break;
      if (!cursor.isIndicator("-")) {
        if (isIndentless) break;
        throw new ScanError(cursor.pos, 'a "-" is missing: it stands where the items of a list do');
      }
    }
    cursor.depth -= 1;
    return nodes.sequence(items, built);
  }

  /** Whether a block goes on at its column after a value. */
  function continues(column: number): boolean {
    cursor.skip(true);
    if (cursor.isEnd()) return false;
    const here = cursor.pos - cursor.lineStart;
    if (!cursor.isNewLine()) throw new ScanError(cursor.pos, "a value must end with its line");
    if (here > column) {
      throw new ScanError(cursor.pos, "its indentation fits nothing above");
    }
    return here === column;
  }

  function blockMapping(
    firstKey: string | undefined,
    column: number,
    properties: Properties,
    mark: number,
  ): Node {
    cursor.enter();
    const built = nodes.open(properties, mark);
    let key = firstKey;
    let keyStart = mark;
    if (firstKey !== undefined) keyStart = nodes.lastKeyStart();
    for (;;) {
      if (key === undefined && cursor.isIndicator("?")) explicitEntry(built, column);
      else {
        if (key === undefined) {
          key = blockKey();
          keyStart = nodes.lastKeyStart();
        }
        cursor.advance(1);
        nodes.add(built, key, keyStart, parseNode(column, false, true, keyStart));
      }
      key = undefined;
      if (!continues(column)) break;
    }
    cursor.depth -= 1;
    return nodes.mapping(built);
  }

  /** A key of a block and the way to its colon. */
  function blockKey(): string {
    const line = cursor.lineStart;
    const properties = cursor.readProperties(false);
    const at = cursor.pos;
    if (cursor.isIndicator("-") || text[cursor.pos] === "|" || text[cursor.pos] === ">") {
      throw new ScanError(cursor.pos, "a key is missing here");
    }
    if (text[cursor.pos] === "[" || text[cursor.pos] === "{") {
      throw new ScanError(cursor.pos, "a key must be a text, not a mapping or a list");
    }
    const scanned = cursor.scanInline(0, false);
    const key = nodes.key(scanned, at, properties, text[at], cursor.depth > 1);
    cursor.pos = skipBlanks(text, cursor.pos);
    if (!cursor.isIndicator(":") || !scanned.isOneLine || cursor.lineStart !== line) {
      throw new ScanError(at, "a colon is missing after a key");
    }
    return key;
  }

  /** An entry whose key follows a `?` and whose value a `:` in a later line. */
  function explicitEntry(built: Built, column: number): void {
    const at = cursor.pos;
    cursor.advance(1);
    const key = parseNode(column, true, false, at);
    if (key.kind !== "scalar") {
      throw new ScanError(at, "a key must be a text, not a mapping or a list");
    }
    cursor.skip(true);
    const hasValue =
      !cursor.isEnd() && cursor.pos - cursor.lineStart === column && cursor.isIndicator(":");
    if (hasValue) cursor.advance(1);
    const value = hasValue ? parseNode(column, true, true, at) : nodes.empty(at, none, false);
    nodes.add(built, key.text, at, value);
  }
}
