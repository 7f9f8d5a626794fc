import { BuildError } from "../build-error.ts";
import type { Context } from "../context.ts";
import { type Mapping, type Node, nodeAt, textAt } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { describe } from "../resource/identity.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import { resolvePlain } from "../yaml/resolve.ts";
import { lookUp, splitFieldPath } from "./field-path.ts";
import { type Options, readOptions, setFields, type Value } from "./replacement-fields.ts";
import {
  findSource,
  type NameIndex,
  nameIndex,
  readTarget,
  type Target,
} from "./replacement-selectors.ts";

export type ReplacementsConfig = {
  /** Entries of `replacements`, those of a `path` in its place, each with the entry that named it. */
  readonly replacements: readonly {
    readonly replacement: Mapping;
    readonly by?: Mark | undefined;
  }[];
};

/** The value for a resource at a place, which may be the one that it is read from. */
type ValueNow = (target: number) => Value;

/** `replacements`: copies values from one object, or from the kustomization, into fields of others. */
export function applyReplacements(
  resources: readonly Resource[],
  { replacements }: ReplacementsConfig,
  _context: Context,
): readonly Resource[] {
  const changed = [...resources];
  const names = nameIndex(changed);
  for (const { replacement, by } of replacements) applyOne(changed, replacement, by, names);
  return changed.every((resource, index) => resource === resources[index]) ? resources : changed;
}

function applyOne(
  resources: Resource[],
  replacement: Mapping,
  by: Mark | undefined,
  names: NameIndex,
) {
  const targets = present(replacement, "targets");
  const source = present(replacement, "source");
  const sourceValue = present(replacement, "sourceValue");
  const mark = replacement.origin.mark ?? by;
  const hasTargets = targets?.kind !== "sequence" || targets.items.length > 0;
  if (targets === undefined || !hasTargets || (source ?? sourceValue) === undefined) {
    throw new BuildError(
      'A replacement should have "targets", and "source" or "sourceValue": one of them is missing',
      { mark },
    );
  }
  if (source !== undefined && sourceValue !== undefined) {
    throw new BuildError(
      'A replacement should have either "source" or "sourceValue": it has both',
      { mark },
    );
  }
  const valueNow = source ? fieldValue(resources, source, by, names) : constant(sourceValue, by);
  for (const node of targets.kind === "sequence" ? targets.items : []) {
    const target = readTarget(node, mark);
    for (const index of names.candidates(target.name)) {
      const resource = resources[index];
      if (resource === undefined || !target.selects(resource)) continue;
      for (const path of target.fieldPaths) setPath(resources, index, path, target, valueNow);
      names.add(resources[index] ?? resource, index);
    }
  }
}

/** Sets one path of one resource in place, for the next may be from this very resource. */
function setPath(
  resources: Resource[],
  index: number,
  path: string,
  { options }: Target,
  valueNow: ValueNow,
) {
  const resource = resources[index];
  if (resource) resources[index] = setFields(resource, path, valueNow(index), options);
}

function constant(node: Node | undefined, by: Mark | undefined): ValueNow {
  const text = node?.kind === "scalar" ? node.text : "";
  const type = resolvePlain(text, "v3");
  const origin = node?.origin ?? { operation: "replacement", by };
  const value: Value = { node: { kind: "scalar", type, text, origin, untagged: true }, by };
  return () => value;
}

/**
 * The value at the source. Kustomize keeps hold of the field and not of what was in it, so where a
 * replacement changes its own source, the targets that follow get the new value.
 */
function fieldValue(
  resources: readonly Resource[],
  source: Node,
  by: Mark | undefined,
  names: NameIndex,
): ValueNow {
  const index = findSource(source, names);
  const path = textAt(source, ["fieldPath"]) || "metadata.name";
  const options = readOptions(nodeAt(source, ["options"]));
  const read = (resource: Resource): Value => {
    const found = sourceField(resource, path, source);
    if (options.delimiter === "") return { node: found, by };
    return { node: part(found, options, source), whole: found, by };
  };
  let seen = resources[index];
  if (seen === undefined) throw new BuildError("A source is one of the resources");
  let value = read(seen);
  return (target) => {
    const now = resources[index];
    if (now !== undefined && now !== seen && options.delimiter === "") {
      const node = lookUp(now.object, splitFieldPath(path));
      seen = now;
      if (node !== undefined) value = { node, by };
    }
    return target === index && options.delimiter === "" ? { ...value, isOwn: true } : value;
  };
}

function sourceField(resource: Resource, path: string, source: Node): Node {
  const mark = (nodeAt(source, ["fieldPath"]) ?? source).origin.mark;
  const object = describe(currentId(resource));
  let found: Node | undefined;
  try {
    found = lookUp(resource.object, splitFieldPath(path));
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(`Cannot read "${path}" of ${object}: ${error.message}`, { mark });
  }
  if (found !== undefined && !isEmpty(found)) return found;
  throw new BuildError(
    `Cannot replace anything by "${path}" of ${object}: the field is ${found === undefined ? "missing" : "empty"}`,
    { mark, help: 'Name a field that has a value as "fieldPath" of the source' },
  );
}

/** One of the parts that a delimiter makes of a value. */
function part(value: Node, { delimiter, index }: Options, source: Node): Node {
  const mark = (nodeAt(source, ["options"]) ?? source).origin.mark;
  if (value.kind !== "scalar") {
    throw new BuildError(
      `Cannot split the source of a replacement by "${delimiter}": it should be a single value`,
      { mark },
    );
  }
  const text = value.text.split(delimiter)[index];
  if (text === undefined) {
    throw new BuildError(
      `Cannot take part ${index} of "${value.text}" split by "${delimiter}": it has ${value.text.split(delimiter).length} parts, counted from 0`,
      { mark },
    );
  }
  const type = value.type === "string" ? "string" : resolvePlain(text, "v3");
  return { ...value, text, type };
}

function present(owner: Mapping, field: string): Node | undefined {
  const node = owner.entries.get(field);
  return node?.kind === "scalar" && node.type === "null" ? undefined : node;
}

function isEmpty(node: Node): boolean {
  if (node.kind === "scalar") return node.type === "null";
  return (node.kind === "mapping" ? node.entries.size : node.items.length) === 0;
}
