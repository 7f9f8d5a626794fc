import { BuildError } from "../build-error.ts";
import { nodeAt } from "../node/node.ts";
import { type Mark, placeOf } from "../node/origin.ts";
import type { Schema } from "../schema/schema.ts";
import { describe, idKey, idKeys } from "./identity.ts";
import { mergeGenerated } from "./merge-generated.ts";
import { positionsBy } from "./positions.ts";
import { currentId, type Resource } from "./resource.ts";

/** Resources in their order while a kustomization gathers them, found by id without a search. */
export type Collection = {
  readonly resources: () => readonly Resource[];
  /** Throws where an object of the same id is there. */
  readonly append: (added: readonly Resource[]) => void;
  /** Takes up a generated object: as a new one, or into the one that it says to merge or replace. */
  readonly absorb: (generated: Resource) => void;
};

export function createCollection(initial: readonly Resource[], schema: Schema): Collection {
  const resources: Resource[] = [];
  const byId = new Map<string, number>();
  const byAnyId = positionsBy((resource) => idKeys(resource, schema));

  function append(resource: Resource): void {
    const key = idKey(currentId(resource), schema);
    const taken = byId.get(key);
    if (taken !== undefined) throw conflict(resource, resources[taken]);
    byId.set(key, resources.length);
    byAnyId.add(resource, resources.length);
    resources.push(resource);
  }

  for (const resource of initial) append(resource);
  return {
    resources: () => resources.slice(),
    append: (added) => added.forEach(append),
    absorb(generated) {
      const { behavior } = generated.generated ?? {};
      const key = idKey(currentId(generated), schema);
      const [position, ...others] = byAnyId.find(key, resources);
      const present = position === undefined ? undefined : resources[position];
      if (position === undefined || present === undefined) {
        if (behavior === "merge" || behavior === "replace") throw nothingToMerge(generated);
        append(generated);
        return;
      }
      if (others.length > 0)
        throw ambiguous(
          generated,
          [position, ...others].flatMap((at) => resources[at] ?? []),
        );
      if (behavior !== "merge" && behavior !== "replace") throw exists(generated, present);
      // Its ids stay those of the object that was there.
      resources[position] = mergeGenerated(present, generated, behavior);
    },
  };
}

/** Throws where two resources have the same id, as transformers may make it. */
export function refuseSameIds(resources: readonly Resource[], schema: Schema): void {
  createCollection(resources, schema);
}

function conflict(resource: Resource, present: Resource | undefined): BuildError {
  const where = present ? whereOf(present) : "something";
  return new BuildError(
    `Cannot add ${describe(currentId(resource))}: ${
      where === whereOf(resource)
        ? `${where} is added twice; name its file or directory in one place only`
        : `${where} has added an object of the same name; rename one, or keep it in one place`
    }`,
    { mark: nameMark(resource) ?? resource.source.mark, file: resource.source.file },
  );
}

function nameMark({ object }: Resource): Mark | undefined {
  return (nodeAt(object, ["metadata", "name"]) ?? object).origin.mark;
}

function exists(generated: Resource, present: Resource): BuildError {
  return new BuildError(
    `Cannot generate ${describe(currentId(generated))}: ${whereOf(present)} has added an object of the same name; set "behavior" to "merge" or "replace", or rename one`,
    { mark: generated.source.mark, file: generated.source.file },
  );
}

function nothingToMerge(generated: Resource): BuildError {
  const { behavior } = generated.generated ?? {};
  return new BuildError(
    `Cannot ${behavior} ${describe(currentId(generated))}: nothing of that name is there; name one of "resources", or set "behavior" to "create"`,
    { mark: generated.source.mark, file: generated.source.file },
  );
}

function ambiguous(generated: Resource, candidates: readonly Resource[]): BuildError {
  const names = candidates.map((candidate) => describe(currentId(candidate))).join(" and ");
  return new BuildError(
    `Cannot merge ${describe(currentId(generated))}: it could be meant for ${names}; give it the name that only one of them has`,
    { mark: generated.source.mark, file: generated.source.file },
  );
}

function whereOf({ object, source }: Resource): string {
  const mark = object.origin.mark ?? source.mark;
  if (mark === undefined) return `"${source.file}"`;
  const { file, line } = placeOf(mark);
  return `"${file}:${line}"`;
}
