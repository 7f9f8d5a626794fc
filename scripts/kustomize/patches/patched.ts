import { idKeys } from "../resource/identity.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { matches, type Selector } from "./select.ts";

/** Resources while patches change them one after another, found without a search through all. */
export type Patched = {
  /** Those that remain, in their order. */
  readonly resources: () => readonly Resource[];
  /** Positions of those that have or had an id. */
  readonly byAnyId: (key: string) => readonly number[];
  readonly select: (selector: Selector) => readonly number[];
  readonly at: (position: number) => Resource;
  /** Puts a resource in the place of one, or takes it out. */
  readonly set: (position: number, resource: Resource | undefined) => void;
};

export function patched(initial: readonly Resource[], schema: Schema): Patched {
  let list: (Resource | undefined)[] | undefined;
  const ids = index((resource) => idKeys(resource, schema));
  const names = index((resource) => [
    currentId(resource).name,
    ...resource.previous.slice(0, 1).map(({ name }) => name),
  ]);
  const current = (): readonly (Resource | undefined)[] => list ?? initial;

  return {
    resources: () => list?.filter((resource) => resource !== undefined) ?? initial,
    byAnyId: (key) =>
      ids.find(key, current()).filter((position) => {
        const resource = current()[position];
        return resource !== undefined && idKeys(resource, schema).includes(key);
      }),
    select(selector) {
      const { exactName } = selector;
      const positions =
        exactName === undefined ? current().keys() : names.find(exactName, current());
      return [...positions].filter((position) => {
        const resource = current()[position];
        return resource !== undefined && matches(selector, resource, schema);
      });
    },
    at: (position) => current()[position] as Resource,
    set(position, resource) {
      list ??= [...initial];
      list[position] = resource;
      if (resource === undefined) return;
      ids.add(resource, position);
      names.add(resource, position);
    },
  };
}

/**
 * Positions by a key, made when first asked. A resource that changes keeps its old keys too, so what
 * is found is to be looked at again.
 */
function index(keysOf: (resource: Resource) => readonly string[]): {
  readonly find: (key: string, list: readonly (Resource | undefined)[]) => readonly number[];
  readonly add: (resource: Resource, position: number) => void;
} {
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
