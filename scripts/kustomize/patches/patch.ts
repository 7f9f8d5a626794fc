import { BuildError } from "../build-error.ts";
import type { Context } from "../context.ts";
import { type Mapping, type Node, textAt } from "../node/node.ts";
import type { Mark, SourceText } from "../node/origin.ts";
import { describe, idKey } from "../resource/identity.ts";
import { parseObjects } from "../resource/parse.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import { readConfiguration, readDocuments } from "../yaml/read.ts";
import { readOperations } from "./json-patch.ts";
import { withTextValues } from "./metadata-texts.ts";
import { mergeInto, type PatchOptions, patchByJson } from "./patch-resource.ts";
import { type Patched, patched } from "./patched.ts";
import { readSelector } from "./select.ts";

/** An entry of `patches`, its text read from `path` or `patch`. */
export type PatchEntry = {
  readonly text: SourceText;
  readonly target?: Mapping | undefined;
  readonly options?: Mapping | undefined;
  /** The entry of the kustomization. */
  readonly by?: Mark | undefined;
};

/**
 * Applies `patches` in their order. A text that is a list is a JSON patch, any other one or several
 * strategic merge patches; an empty one does nothing. Without a target, a patch is for the one object
 * whose kind, name and namespace it has, now or before.
 */
export function applyPatches(
  resources: readonly Resource[],
  entries: readonly PatchEntry[],
  { schema }: Context,
): readonly Resource[] {
  const all = patched(resources, schema);
  for (const entry of entries) {
    const documents = readDocuments(entry.text, "strategic merge patch", entry.by);
    if (documents[0]?.kind === "sequence") applyJson(all, entry, true, schema);
    else if (entry.target)
      mergeSelected(all, parseObjects(documents, "patch"), entry, entry.target, schema);
    else mergeNamed(all, parseObjects(documents, "patch"), entry, schema, isOptional(entry));
  }
  return all.resources();
}

/** Applies `patchesStrategicMerge`. */
export function applyPatchesStrategicMerge(
  resources: readonly Resource[],
  entries: readonly Pick<PatchEntry, "text" | "by">[],
  { schema }: Context,
): readonly Resource[] {
  const all = patched(resources, schema);
  for (const entry of entries) {
    const documents = readDocuments(entry.text, "strategic merge patch", entry.by);
    const patches = parseObjects(documents, "patch");
    mergeNamed(all, patches, entry, schema, ["labels", "annotations"]);
  }
  return all.resources();
}

/** Applies `patchesJson6902`. Unlike `patches`, it forgets the name that an object had before. */
export function applyPatchesJson6902(
  resources: readonly Resource[],
  entries: readonly PatchEntry[],
  { schema }: Context,
): readonly Resource[] {
  const all = patched(resources, schema);
  for (const entry of entries) applyJson(all, entry, false, schema);
  return all.resources();
}

type Schema = Context["schema"];

/** Merges each patch into the object that it names. */
function mergeNamed(
  all: Patched,
  patches: readonly Mapping[],
  { options, by }: PatchEntry,
  schema: Schema,
  texts: readonly ("labels" | "annotations")[],
): void {
  for (const patch of patches) {
    const id = currentId({ object: patch });
    const [position, ...others] = all.byAnyId(idKey(id, schema));
    if (position === undefined) throw noTarget(patch, by);
    if (others.length > 0) throw manyTargets(patch, [position, ...others], all, by);
    const merged = mergeInto(all.at(position), withTextValues(patch, texts), readOptions(options), {
      schema,
      by,
    });
    all.set(position, merged);
  }
}

/** Merges the only patch of an entry into every object that its target selects. */
function mergeSelected(
  all: Patched,
  patches: readonly Mapping[],
  { options, by }: PatchEntry,
  target: Mapping,
  schema: Schema,
): void {
  const [patch, second] = patches;
  if (patch === undefined) return;
  if (second !== undefined) {
    throw new BuildError(
      'A patch with "target" has several documents: keep one, or give each an entry of its own',
      { mark: second.origin.mark ?? by },
    );
  }
  const allowed = readOptions(options);
  const written = withTextValues(patch, ["labels", "annotations"]);
  const positions = all.select(readSelector(target));
  for (const position of positions) {
    all.set(position, mergeInto(all.at(position), written, allowed, { schema, by }));
  }
  if (allowed.allowNameChange || allowed.allowKindChange) refuseSameId(all, patch, by, schema);
}

function applyJson(all: Patched, entry: PatchEntry, remembers: boolean, schema: Schema): void {
  const { text, target, by } = entry;
  refuseFlow(text, by);
  const operations = readConfiguration(text, "JSON patch", by);
  if (operations === undefined || readOperations(operations).length === 0) {
    if (remembers) return;
    throw new BuildError("A JSON patch has no operations: write one, or remove the entry", {
      mark: by ?? operations?.origin.mark,
    });
  }
  if (target === undefined) {
    throw new BuildError('A JSON patch has no target: add "target" with what it is meant for', {
      mark: by ?? operations.origin.mark,
    });
  }
  for (const position of all.select(readSelector(target))) {
    all.set(position, patchByJson(all.at(position), operations, remembers, { schema, by }));
  }
}

/** Kustomize reads what begins with a bracket as JSON, where words have no place without quotes. */
function refuseFlow(source: SourceText, by: Mark | undefined): void {
  if (!source.text.startsWith("[")) return;
  try {
    JSON.parse(source.text);
  } catch (error) {
    throw new BuildError(
      `Cannot read a JSON patch that begins with "[": ${(error as Error).message}; write valid JSON, or YAML that begins with "-"`,
      { mark: by ?? { source, offset: 0 } },
    );
  }
}

function readOptions(options: Mapping | undefined): PatchOptions {
  return {
    allowNameChange: textAt(options, ["allowNameChange"]) === "true",
    allowKindChange: textAt(options, ["allowKindChange"]) === "true",
  };
}

/** Where an option is set, Kustomize writes it into the patch's annotations, which become texts by that. */
function isOptional({ options }: PatchEntry): readonly "annotations"[] {
  const { allowNameChange, allowKindChange } = readOptions(options);
  return allowNameChange || allowKindChange ? ["annotations"] : [];
}

function refuseSameId(all: Patched, patch: Node, by: Mark | undefined, schema: Schema): void {
  const seen = new Set<string>();
  for (const resource of all.resources()) {
    const id = currentId(resource);
    const key = idKey(id, schema);
    if (seen.has(key)) {
      throw new BuildError(
        `A patch gives two objects the same name, ${describe(id)}: let its target select one, or change another name`,
        { mark: patch.origin.mark ?? by },
      );
    }
    seen.add(key);
  }
}

function noTarget(patch: Mapping, by: Mark | undefined): BuildError {
  return new BuildError(
    `There is no ${describe(currentId({ object: patch }))} for a patch with "apiVersion: ${textAt(patch, ["apiVersion"]) ?? ""}" to change: correct its kind, name or namespace, or add "target"`,
    { mark: nameMark(patch) ?? by },
  );
}

function manyTargets(
  patch: Mapping,
  positions: readonly number[],
  all: Patched,
  by: Mark | undefined,
): BuildError {
  const names = positions.map((position) => describe(currentId(all.at(position)))).join(" and ");
  return new BuildError(
    `A patch for ${describe(currentId({ object: patch }))} could change any of ${names}: use a name that only one of them has`,
    { mark: nameMark(patch) ?? by },
  );
}

function nameMark(patch: Mapping): Mark | undefined {
  const metadata = patch.entries.get("metadata");
  const name = metadata?.kind === "mapping" ? metadata.entries.get("name") : undefined;
  return (name ?? patch).origin.mark;
}
