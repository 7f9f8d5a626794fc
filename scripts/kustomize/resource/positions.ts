import type { Resource } from "./resource.ts";

/** Positions of resources in a list, by keys of theirs; made when first asked. */
export type Positions = {
  /** Ascending. A resource that changed is found by its old keys too, so look at what is found. */
  readonly find: (key: string, list: readonly (Resource | undefined)[]) => readonly number[];
  /** Notes a resource that is new in the list, or changed. */
  readonly add: (resource: Resource, position: number) => void;
};

export function positionsBy(keysOf: (resource: Resource) => readonly string[]): Positions {
  let positions: Map<string, Set<number>> | undefined;

  function add(resource: Resource, position: number): void {
    if (positions === undefined) return;
    for (const key of keysOf(resource)) {
      const known = positions.get(key);
      if (known) known.add(position);
      else positions.set(key, new Set([position]));
    }
  }

  return {
    add,
    find(key, list) {
      if (positions === undefined) {
        positions = new Map();
        for (const [position, resource] of list.entries()) if (resource) add(resource, position);
      }
      return [...(positions.get(key) ?? [])].sort((a, b) => a - b);
    },
  };
}
