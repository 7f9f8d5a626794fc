import { BuildError } from "../build-error.ts";
import { type Mapping, type Node, type Sequence, withoutEntry } from "../node/node.ts";

/** What `$patch` says of the mapping or list that holds it; what remains of the patch without it. */
export type Directed<N extends Node> = {
  readonly directive: Directive;
  /** The word itself, for its place. */
  readonly word?: Node;
  readonly patch: N;
};

type Directive = "merge" | "replace" | "delete";

const key = "$patch";

/** Reads `$patch` of a mapping. */
export function directedMapping(patch: Mapping): Directed<Mapping> {
  const word = patch.entries.get(key);
  if (word === undefined) return { directive: "merge", patch };
  return { directive: readDirective(word), word, patch: withoutEntry(patch, key) };
}

/**
 * Reads `$patch` of a list: an item that has no other field. If the first item with `$patch` has
 * more, it speaks of itself. All items that say the same go, even those that have more.
 */
export function directedSequence(patch: Sequence): Directed<Sequence> {
  const holder = patch.items.find((item) => item.kind === "mapping" && item.entries.has(key));
  if (holder?.kind !== "mapping" || holder.entries.size > 1) return { directive: "merge", patch };
  const word = holder.entries.get(key) as Node;
  const directive = readDirective(word);
  const items = patch.items.filter((item) => !isDropped(item, directive));
  return { directive, word, patch: { ...patch, items } };
}

function isDropped(item: Node, directive: string): boolean {
  if (item.kind === "scalar") return item.type === "null";
  if (item.kind !== "mapping") return false;
  const word = item.entries.get(key);
  return item.entries.size === 0 || (word?.kind === "scalar" && word.text === directive);
}

/** Whether a mapping has a directive that is known. */
export function hasDirective(patch: Mapping): boolean {
  const word = patch.entries.get(key);
  return word?.kind === "scalar" && isDirective(word.text);
}

function readDirective(word: Node): Directive {
  const text = word.kind === "scalar" ? word.text : "";
  if (isDirective(text)) return text;
  const said = word.kind === "scalar" ? `"${text}"` : `a ${word.kind}`;
  throw new BuildError(
    `Unknown directive "$patch" of a strategic merge patch: it is ${said} and should be "merge", "replace" or "delete"`,
    { mark: word.origin.mark },
  );
}

function isDirective(text: string): text is Directive {
  return text === "merge" || text === "replace" || text === "delete";
}
