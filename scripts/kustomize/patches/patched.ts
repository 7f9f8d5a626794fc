import { idKeys } from "../resource/identity.ts";
import { positionsBy } from "../resource/positions.ts";
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
  const ids = positionsBy((resource) => idKeys(resource, schema));
  const names = positionsBy((resource) => [
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
