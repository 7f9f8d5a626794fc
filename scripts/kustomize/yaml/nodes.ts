import type { Node, Scalar, ScalarType } from "../node/node.ts";
import type { Origin } from "../node/origin.ts";
import { isLostBlock, refold } from "./block-scalars.ts";
import type { Properties } from "./cursor.ts";
import type { Chunk } from "./documents.ts";
import { mergeInto } from "./merge-keys.ts";
import { parseBoolean, printedFloat, printedInteger } from "./numbers.ts";
import { failure, type Reading } from "./reading.ts";
import { resolvePlain } from "./resolve.ts";
import { ScanError, type Scanned } from "./scan-scalars.ts";
import { shortTag, taggedScalar } from "./tags.ts";

/** A mapping or list that is being read. */
export type Built = {
  readonly entries: Map<string, Node>;
  readonly origin: Origin;
  readonly anchor: string | undefined;
  readonly before: number;
  merge: { readonly value: Node; readonly at: number } | undefined;
};

export type Nodes = ReturnType<typeof createNodes>;

/** Far beyond what a person writes, and little enough to print. */
const MAX_COPIES = 200_000;

/** Stands for a merge key where keys are texts: no text of YAML can be it. */
const MERGE = "\0<<";

/**
 * The makers of a document's nodes. An alias becomes the very node that it names, so a document that
 * multiplies itself by aliases costs nothing here; it is refused because printing it would.
 */
export function createNodes({ text, offsetOf }: Chunk, reading: Reading) {
  const { source, operation, by, rules, keys } = reading;
  const anchors = new Map<string, { node: Node; size: number } | undefined>();
  let count = 0;
  let copied = 0;
  let keyStart = 0;

  return { empty, inline, block, key, lastKeyStart, open, add, mapping, sequence };

  function originAt(offset: number): Origin {
    return { operation, mark: { source, offset: offsetOf(offset) }, by };
  }

  /** A value that is not written; kustomize prints one inside brackets as an empty text. */
  function empty(offset: number, properties: Properties, inFlow: boolean): Node {
    count += 1;
    if (properties.tag !== undefined) return scalar("", offset, properties, true);
    const type = inFlow && rules === "v3" ? "string" : "null";
    return keep({ kind: "scalar", type, text: "", origin: originAt(offset) }, properties);
  }

  /** A plain or quoted scalar, or an alias, by its first letter. */
  function inline(scanned: Scanned, at: number, properties: Properties, first = ""): Node {
    if (first === "*") return aliased(scanned.value, at);
    count += 1;
    const isPlain = first !== '"' && first !== "'";
    return scalar(scanned.value, at, properties, isPlain);
  }

  function block(value: string, at: number, properties: Properties): Node {
    count += 1;
    if (rules === "v2") return scalar(value, at, properties, false);
    if (isLostBlock(value)) {
      throw failure(
        source,
        offsetOf(at),
        "a block that begins with a tab cannot be printed",
        "Write the text in double quotes, the tab as \\t",
      );
    }
    return scalar(text[at] === ">" ? refold(value) : value, at, properties, false);
  }

  function scalar(value: string, at: number, properties: Properties, isPlain: boolean): Node {
    const origin = originAt(at);
    if (properties.tag === undefined) {
      const type = isPlain ? plainType(value) : "string";
      return keep({ kind: "scalar", type, text: value, origin }, properties);
    }
    const tag = shortTag(properties.tag);
    const tagged = taggedScalar(tag, value, isPlain, rules);
    if (tagged === undefined) throw new ScanError(at, `"${value}" is no ${tag.slice(2)}`);
    return keep({ kind: "scalar", ...tagged, origin }, properties);
  }

  function plainType(plain: string): ScalarType {
    const type = resolvePlain(plain, rules);
    return type === "timestamp" && rules === "v2" ? "string" : type;
  }

  function keep(node: Scalar, { anchor }: Properties): Scalar {
    if (anchor !== undefined) anchors.set(anchor, { node, size: 1 });
    return node;
  }

  function key(
    scanned: Scanned,
    at: number,
    properties: Properties,
    first = "",
    isNested = true,
  ): string {
    keyStart = at;
    if (first === "*") {
      const node = aliased(scanned.value, at);
      if (node.kind !== "scalar") throw new ScanError(at, "a key must be a text");
      return node.text;
    }
    const { value } = scanned;
    const isPlain = first !== '"' && first !== "'" && properties.tag === undefined;
    if (isPlain && value === "<<") return MERGE;
    if (properties.anchor !== undefined) {
      keep({ kind: "scalar", type: "string", text: value, origin: originAt(at) }, properties);
    }
    const type = isPlain ? plainType(value) : "string";
    // Kustomize takes other keys at the root only: it cannot write them as JSON below.
    if (type === "null" || (type !== "string" && rules === "v3" && isNested)) {
      const named = value === "" ? "an empty key" : `the key "${value}", which is read as ${type},`;
      throw failure(
        source,
        offsetOf(at),
        `${named} cannot name a field`,
        `Write it in quotes: "${value}"`,
      );
    }
    return type === "string" || rules === "v3" ? value : keyText(value, type);
  }

  /** Where the key that was read last begins. */
  function lastKeyStart(): number {
    return keyStart;
  }

  function open({ anchor }: Properties, at: number): Built {
    count += 1;
    if (anchor !== undefined) anchors.set(anchor, undefined);
    return {
      entries: new Map(),
      origin: originAt(at),
      anchor,
      before: count + copied,
      merge: undefined,
    };
  }

  function add(built: Built, name: string, at: number, value: Node): void {
    if (name === MERGE) {
      if (built.merge !== undefined) throw new ScanError(at, 'the key "<<" is there twice');
      built.merge = { value, at };
    } else if (keys === "unique" && built.entries.has(name)) {
      throw failure(
        source,
        offsetOf(at),
        `the key "${name}" is there twice`,
        "Keep one of the two",
      );
    } else built.entries.set(name, value);
  }

  function mapping(built: Built): Node {
    const { entries, origin, merge } = built;
    // Kustomize clears the merge key by its name, so one in quotes goes as well.
    if (rules === "v3") entries.delete("<<");
    if (merge !== undefined) {
      const why = mergeInto(entries, merge.value);
      if (why !== undefined) throw new ScanError(merge.at, why);
    }
    return close({ kind: "mapping", entries, origin }, built);
  }

  function sequence(items: readonly Node[], built: Built): Node {
    return close({ kind: "sequence", items, origin: built.origin }, built);
  }

  function close(node: Node, { anchor, before }: Built): Node {
    if (anchor !== undefined) anchors.set(anchor, { node, size: count + copied - before + 1 });
    return node;
  }

  function aliased(name: string, at: number): Node {
    const anchored = anchors.get(name);
    if (anchored === undefined) {
      throw new ScanError(
        at,
        anchors.has(name)
          ? `the anchor "${name}" contains itself`
          : `the alias "*${name}" names no anchor before it`,
      );
    }
    copied += anchored.size;
    if (copied > MAX_COPIES) {
      throw new ScanError(at, `its aliases stand for more than ${MAX_COPIES} values`);
    }
    return anchored.node;
  }
}

/** A key that is no text as a key of JSON. */
function keyText(key: string, type: ScalarType): string {
  if (type === "integer") return printedInteger(key);
  if (type === "boolean") return String(parseBoolean(key));
  return type === "float" ? (printedFloat(key) ?? key) : key;
}
