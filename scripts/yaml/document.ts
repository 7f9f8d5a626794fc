import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  type Event,
  getScalarValue,
  parseEvents,
  YAMLException,
} from "js-yaml";
import type { Path } from "../fleet/resource.ts";
import type { Place } from "./place.ts";

/** A YAML document that knows where each of its values stands. */
export type YamlDocument = {
  readonly file: string;
  readonly value: unknown;
  /** The place of the value at a path, or of its nearest ancestor that exists. */
  readonly placeOf: (path: Path) => Place;
  /** The place of the key that a value stands under; of the value itself where it has none. */
  readonly keyPlaceOf: (path: Path) => Place;
  /** The character range of the value at a path, for splicing; undefined where there is none. */
  readonly rangeOf: (path: Path) => Range | undefined;
};

/** Start and end (exclusive) as character offsets into the file's text. */
type Range = { readonly start: number; readonly end: number };

/** YAML that cannot be parsed: the reader's sentence and the place. */
export class YamlSyntaxError extends SyntaxError {
  override readonly name = "YamlSyntaxError";
  readonly place: Place;
  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/**
 * The documents of one file; empty ones are left out. Scalars follow YAML 1.2's core schema.
 * Throws `YamlSyntaxError`, duplicate keys included.
 */
export function parseYaml(text: string, file: string): readonly YamlDocument[] {
  try {
    const events = parseEvents(text, { filename: file });
    const values = constructFromEvents(events, {
      source: text,
      filename: file,
      schema: CORE_SCHEMA,
    });
    const lines = lineIndex(text);
    return splitDocuments(events)
      .map((own, index) => document(own, values[index], text, file, lines))
      .filter(({ value }) => value !== null && value !== undefined);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line, column } = error.mark ?? { line: 0, column: 0 };
    throw new YamlSyntaxError(error.reason, { file, line: line + 1, column: column + 1 });
  }
}

type Node = Range & {
  readonly keyStart?: number;
  readonly children?: ReadonlyMap<string | number, Node>;
};

function document(
  events: readonly Event[],
  value: unknown,
  text: string,
  file: string,
  lines: readonly number[],
): YamlDocument {
  let root: Node | undefined;
  const node = (path: Path): { node: Node; depth: number } => {
    root ??= buildNodes(events, text);
    let current = root;
    let depth = 0;
    for (const part of path) {
      const child = current.children?.get(part);
      if (child === undefined) break;
      current = child;
      depth += 1;
    }
    return { node: current, depth };
  };
  return {
    file,
    value,
    placeOf: (path) => placeAt(node(path).node.start, file, lines),
    keyPlaceOf(path) {
      const { keyStart, start } = node(path).node;
      return placeAt(keyStart ?? start, file, lines);
    },
    rangeOf(path) {
      const found = node(path);
      return found.depth === path.length
        ? { start: found.node.start, end: found.node.end }
        : undefined;
    },
  };
}

function splitDocuments(events: readonly Event[]): Event[][] {
  const documents: Event[][] = [];
  let depth = 0;
  for (const event of events) {
    if (event.type === EVENT_DOCUMENT) documents.push([]);
    else if (event.type === EVENT_POP && depth === 0) continue;
    else documents.at(-1)?.push(event);
    if (event.type === EVENT_POP) depth -= 1;
    else if (
      event.type !== EVENT_SCALAR &&
      event.type !== EVENT_ALIAS &&
      event.type !== EVENT_DOCUMENT
    )
      depth += 1;
  }
  return documents;
}

/** Builds the tree of positions: a collection ends where its last descendant does. */
function buildNodes(events: readonly Event[], text: string): Node {
  let position = 0;

  function next(): Node {
    const event = events[position++];
    if (event === undefined || event.type === EVENT_DOCUMENT || event.type === EVENT_POP) {
      return { start: 0, end: 0 };
    }
    if (event.type === EVENT_ALIAS) return { start: event.anchorStart - 1, end: event.anchorEnd };
    if (event.type === EVENT_SCALAR) {
      return {
        start: quoteStart(text, event.valueStart),
        end: quoteEnd(text, event.valueEnd, event.valueStart),
      };
    }
    const children = new Map<string | number, Node>();
    let end = event.start;
    const isMapping = event.type === EVENT_MAPPING;
    for (let index = 0; events[position]?.type !== EVENT_POP; index += 1) {
      let key: string | number = index;
      let keyStart: number | undefined;
      if (isMapping) {
        const keyEvent = events[position];
        keyStart = next().start;
        key = keyEvent?.type === EVENT_SCALAR ? getScalarValue(text, keyEvent) : index;
      }
      const child = next();
      end = Math.max(end, child.end);
      children.set(key, keyStart === undefined ? child : { ...child, keyStart });
    }
    position += 1;
    return { start: event.start, end: flowEnd(text, event.start, end), children };
  }

  return next();
}

function quoteStart(text: string, start: number): number {
  const before = text[start - 1];
  return before === '"' || before === "'" ? start - 1 : start;
}

function quoteEnd(text: string, end: number, start: number): number {
  return quoteStart(text, start) === start ? end : end + 1;
}

/** A collection in brackets ends after its closing one, which may follow a comma or a comment. */
function flowEnd(text: string, start: number, lastEnd: number): number {
  const open = text[start];
  if (open !== "{" && open !== "[") return lastEnd;
  const rest = /(?:[\s,]|#.*)*[}\]]/y;
  rest.lastIndex = Math.max(lastEnd, start + 1);
  return rest.test(text) ? rest.lastIndex : lastEnd;
}

function lineIndex(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function placeAt(offset: number, file: string, lines: readonly number[]): Place {
  let low = 0;
  let high = lines.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { file, line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}
