import type { Mapping, Node } from "../node/node.ts";

/**
 * Adds what a `<<` key merges in: an entry of the mapping itself wins, then the first of several
 * mappings. Returns what is wrong with the value, if anything is.
 */
export function mergeInto(entries: Map<string, Node>, value: Node): string | undefined {
  const sources = value.kind === "sequence" ? value.items : [value];
  if (!sources.every((source): source is Mapping => source.kind === "mapping")) {
    return 'only a mapping or a list of mappings can be merged by "<<"';
  }
  for (const source of sources) {
    for (const [key, node] of source.entries) if (!entries.has(key)) entries.set(key, node);
  }
  return undefined;
}
