import type { Node } from "../node/node.ts";
import { type Cursor, noProperties as none, type Properties } from "./cursor.ts";
import type { Built, Nodes } from "./nodes.ts";
import { ScanError, skipBlanks } from "./scan-scalars.ts";

/**
 * Reads a mapping or list in brackets, from the first of them on, where indentation means nothing.
 * `mark` is where its key stands, or it itself where it has none.
 */
export function parseFlow(
  cursor: Cursor,
  nodes: Nodes,
  properties: Properties,
  mark: number,
): Node {
  const { text } = cursor;
  return flowCollection(properties, mark);

  function flowCollection(properties: Properties, mark: number): Node {
    cursor.enter();
    const built = nodes.open(properties, mark);
    const isMapping = text[cursor.pos] === "{";
    const close = isMapping ? "}" : "]";
    const items: Node[] = [];
    cursor.advance(1);
    for (let isFirst = true; ; isFirst = false) {
      flowSkip();
      if (text[cursor.pos] === close) break;
      if (!isFirst) {
        if (text[cursor.pos] !== ",")
          throw new ScanError(cursor.pos, `a comma or a "${close}" is missing`);
        cursor.advance(1);
        flowSkip();
        if (text[cursor.pos] === close) break;
      }
      if (isMapping) flowEntry(built);
      else items.push(flowItem());
    }
    cursor.advance(1);
    cursor.depth -= 1;
    return isMapping ? nodes.mapping(built) : nodes.sequence(items, built);
  }

  function flowSkip(): void {
    cursor.skip(true, true);
    if (cursor.isEnd()) throw new ScanError(cursor.pos, "a bracket is not closed");
  }

  function refuseComma(): void {
    if (text[cursor.pos] === ",")
      throw new ScanError(cursor.pos, "a value is missing before a comma");
  }

  function flowEntry(built: Built): void {
    refuseComma();
    const isExplicit = text[cursor.pos] === "?";
    if (isExplicit) {
      cursor.advance(1);
      flowSkip();
    }
    const properties = cursor.readProperties(true);
    const at = cursor.pos;
    if (text[cursor.pos] === "[" || text[cursor.pos] === "{") {
      throw new ScanError(cursor.pos, "a key must be a text, not a mapping or a list");
    }
    const isEmpty = isFlowEnd();
    const scanned = isEmpty
      ? { value: "", end: cursor.pos, isOneLine: true }
      : cursor.scanInline(0, true);
    const key = nodes.key(scanned, at, properties, isEmpty ? "" : text[at], cursor.depth > 1);
    nodes.add(built, key, at, flowValue(isExplicit || scanned.isOneLine, isExplicit, at));
  }

  /** The value after a key inside brackets; a key and its colon stand in one line. */
  function flowValue(isOneLine: boolean, isExplicit: boolean, mark: number): Node {
    const line = cursor.lineStart;
    flowSkip();
    if (text[cursor.pos] !== ":" || !isOneLine || (line !== cursor.lineStart && !isExplicit)) {
      return nodes.empty(mark, none, true);
    }
    cursor.advance(1);
    flowSkip();
    return flowNode(mark, true);
  }

  function flowItem(): Node {
    refuseComma();
    if (text[cursor.pos] === "?") {
      const built = nodes.open(none, cursor.pos);
      cursor.enter();
      flowEntry(built);
      cursor.depth -= 1;
      return nodes.mapping(built);
    }
    const at = cursor.pos;
    const line = cursor.lineStart;
    if (
      text[cursor.pos] === "&" ||
      text[cursor.pos] === "!" ||
      text[cursor.pos] === "[" ||
      text[cursor.pos] === "{"
    ) {
      return flowNode(at, false);
    }
    const scanned = isFlowEnd()
      ? { value: "", end: cursor.pos, isOneLine: true }
      : cursor.scanInline(0, true);
    const isEmpty = scanned.end === at;
    const after = skipBlanks(text, cursor.pos);
    if (text[after] !== ":" || !scanned.isOneLine || line !== cursor.lineStart) {
      return isEmpty ? nodes.empty(at, none, true) : nodes.inline(scanned, at, none, text[at]);
    }
    // A pair without braces is a mapping of its own.
    cursor.enter();
    const built = nodes.open(none, at);
    const key = nodes.key(scanned, at, none, isEmpty ? "" : text[at], true);
    nodes.add(built, key, at, flowValue(true, false, at));
    cursor.depth -= 1;
    return nodes.mapping(built);
  }

  function flowNode(mark: number, isKeyed: boolean): Node {
    const start = cursor.pos;
    const properties = cursor.readProperties(true);
    if (cursor.isEnd()) throw new ScanError(cursor.pos, "a bracket is not closed");
    if (text[cursor.pos] === "[" || text[cursor.pos] === "{") {
      return flowCollection(properties, isKeyed ? mark : start);
    }
    if (isFlowEnd()) return nodes.empty(mark, properties, true);
    const at = cursor.pos;
    return nodes.inline(cursor.scanInline(0, true), at, properties, text[at]);
  }

  function isFlowEnd(): boolean {
    const first = text[cursor.pos];
    return first === "," || first === "]" || first === "}" || first === ":";
  }
}
