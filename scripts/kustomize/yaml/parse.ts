import type { Node } from "../node/node.ts";
import { createCursor } from "./cursor.ts";
import type { Chunk } from "./documents.ts";
import { createNodes } from "./nodes.ts";
import { parseBlock } from "./parse-block.ts";
import { failure, type Reading } from "./reading.ts";
import { isDocumentMarker, ScanError } from "./scan-scalars.ts";

/**
 * The value of a part's first document, read as go-yaml reads it, which is YAML 1.1 and in places
 * neither: brackets and quotes may go on at any column, a tab may not begin a line, a comment may
 * follow a quote at once. Undefined for a part without a document.
 */
export function parseDocument(chunk: Chunk, reading: Reading): Node | undefined {
  const { text, offsetOf } = chunk;
  const cursor = createCursor(text);
  const nodes = createNodes(chunk, reading);
  try {
    return document();
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw failure(reading.source, offsetOf(error.offset), error.message);
  }

  function document(): Node | undefined {
    cursor.skip(false);
    while (text[cursor.pos] === "%" && cursor.pos === cursor.lineStart) {
      directive.lastIndex = cursor.pos;
      if (!directive.test(text)) {
        throw new ScanError(cursor.pos, "the only directives are %YAML 1.1 and %TAG");
      }
      cursor.pos = cursor.endOfLine(cursor.pos);
      cursor.skip(false);
    }
    if (cursor.pos >= text.length) return undefined;
    if (cursor.pos === cursor.lineStart && isDocumentMarker(text, cursor.pos)) {
      if (text[cursor.pos] === ".")
        throw new ScanError(cursor.pos, "a document cannot begin with its end");
      cursor.advance(3);
      return parseBlock(cursor, nodes, false);
    }
    return parseBlock(cursor, nodes, true);
  }
}

const directive = /%(?:YAML[ \t]+1\.1|TAG[ \t])/y;
