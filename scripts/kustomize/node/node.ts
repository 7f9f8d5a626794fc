import type { Origin } from "./origin.ts";

/**
 * A YAML value of a resource that knows where it comes from. Nodes never change: an edit makes new
 * ones from the value up to the root and shares the rest, so a base rendered once serves all overlays.
 */
export type Node = Scalar | Mapping | Sequence;

/** The types that go-yaml resolves a plain scalar to; quoted ones are strings. */
export type ScalarType = "string" | "integer" | "float" | "boolean" | "null" | "timestamp";

export type Scalar = {
  readonly kind: "scalar";
  readonly type: ScalarType;
  /** As it is written, without quotes: `0644` of type integer stays `0644` until it is printed. */
  readonly text: string;
  /** Whether a text has quotes, where that is no longer as in the source: a JSON patch writes all anew. */
  readonly quoted?: boolean;
  readonly origin: Origin;
  /** Written by Kustomize without a type: what takes its place may be of any. */
  readonly untagged?: boolean;
  /** The same in every field of an object that holds this very value: see `shared.ts`. */
  readonly shared?: symbol;
};

export type Mapping = {
  readonly kind: "mapping";
  /** In the order of the source; printing sorts. */
  readonly entries: ReadonlyMap<string, Node>;
  readonly origin: Origin;
  /** Keys that a patch took away, and which step did. */
  readonly removed?: ReadonlyMap<string, Origin>;
};

export type Sequence = {
  readonly kind: "sequence";
  readonly items: readonly Node[];
  readonly origin: Origin;
};

export function scalar(text: string, origin: Origin, type: ScalarType = "string"): Scalar {
  return { kind: "scalar", type, text, origin };
}

export function mapping(
  entries: ReadonlyMap<string, Node> | readonly (readonly [string, Node])[],
  origin: Origin,
): Mapping {
  return { kind: "mapping", entries: new Map(entries), origin };
}

export function sequence(items: readonly Node[], origin: Origin): Sequence {
  return { kind: "sequence", items, origin };
}

/** The node with one more step: the value is the same or edited, and `step` did it. */
export function withStep<N extends Node>(node: N, step: Omit<Origin, "before">): N {
  return { ...node, origin: { ...step, before: node.origin } };
}

/** A mapping with one entry set, in the old place or at the end. */
export function withEntry(owner: Mapping, key: string, value: Node): Mapping {
  return { ...owner, entries: new Map(owner.entries).set(key, value) };
}

/** A mapping without an entry; with `step`, the mapping remembers who took it away. */
export function withoutEntry(owner: Mapping, key: string, step?: Origin): Mapping {
  const entries = new Map(owner.entries);
  if (!entries.delete(key)) return owner;
  return { ...owner, entries, ...(step && { removed: new Map(owner.removed).set(key, step) }) };
}

/** A sequence with one item replaced. */
export function withItem(owner: Sequence, index: number, item: Node): Sequence {
  return { ...owner, items: owner.items.with(index, item) };
}

/** A mapping with each of its values changed; the same one where none is. */
export function mapEntries(owner: Mapping, change: (value: Node, key: string) => Node): Mapping {
  let entries: Map<string, Node> | undefined;
  for (const [key, value] of owner.entries) {
    const changed = change(value, key);
    if (changed === value) continue;
    entries ??= new Map(owner.entries);
    entries.set(key, changed);
  }
  return entries ? { ...owner, entries } : owner;
}

/** A sequence with each of its items changed; the same one where none is. */
export function mapItems(owner: Sequence, change: (item: Node, index: number) => Node): Sequence {
  const items = owner.items.map(change);
  return items.every((item, index) => item === owner.items[index]) ? owner : { ...owner, items };
}

/** A label's or an annotation's value as the text that Kustomize makes of it: what holds more is empty. */
export function asText(value: Node): Scalar {
  if (value.kind !== "scalar") return scalar("", value.origin);
  return value.type === "string" ? value : { ...value, type: "string" };
}

/** The value below a node; undefined where the path ends before. */
export function nodeAt(
  node: Node | undefined,
  path: readonly (string | number)[],
): Node | undefined {
  let current = node;
  for (const part of path) {
    if (current?.kind === "mapping") current = current.entries.get(String(part));
    else if (current?.kind === "sequence") current = current.items[Number(part)];
    else return undefined;
  }
  return current;
}

/** The text of a scalar below a node; undefined where there is none, null included. */
export function textAt(
  node: Node | undefined,
  path: readonly (string | number)[],
): string | undefined {
  const found = nodeAt(node, path);
  return found?.kind === "scalar" && found.type !== "null" ? found.text : undefined;
}
