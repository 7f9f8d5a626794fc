import { BuildError } from "../build-error.ts";
import type { Context } from "../context.ts";
import { mappingOf, markOf, scalarOf } from "../kustomization/fields.ts";
import { type Mapping, type Node, textAt } from "../node/node.ts";
import { type Mark, placeOf } from "../node/origin.ts";
import { describe, effectiveNamespace } from "../resource/identity.ts";
import { currentId, type Resource, type ResourceId } from "../resource/resource.ts";

/** An entry of `vars`: a name for the value of a field of an object. */
export type Var = {
  readonly name: string;
  /** The object by any name it has had; an empty namespace is any. */
  readonly object: ResourceId;
  readonly fieldPath: string;
  /** The entry of the kustomization. */
  readonly mark: Mark;
};

/** Vars by name. */
export type Vars = ReadonlyMap<string, Var>;

/** Reads the field `vars` of a kustomization. */
export function readVars(vars: Node | undefined): readonly Var[] {
  if (vars?.kind !== "sequence") return [];
  return vars.items.flatMap((entry) => (entry.kind === "mapping" ? [readVar(entry)] : []));
}

/** Vars of two kustomizations together; a name that both have is an error. */
export function mergeVars(vars: Vars, more: Vars | readonly Var[]): Vars {
  const merged = new Map(vars);
  for (const added of more.values()) {
    const present = merged.get(added.name);
    if (present !== undefined) throw takenTwice(added, present);
    merged.set(added.name, added);
  }
  return merged;
}

/** Notes at each object the vars that point at it, by any name that it has had so far. */
export function markVarTargets(
  resources: readonly Resource[],
  vars: readonly Var[],
  context: Context,
): readonly Resource[] {
  if (vars.length === 0) return resources;
  const targets = new Map<Resource, string[]>();
  const index = indexByName(resources);
  for (const entry of vars) {
    const { object, mark, name } = entry;
    const found = (index.get(keyOf(object)) ?? []).filter((resource) =>
      isInNamespace(resource, object, context),
    );
    const [first, second] = found;
    if (first === undefined) continue;
    if (second !== undefined) {
      throw new BuildError(
        `Cannot tell which object the var "${name}" means: ${found.length} have had the name of ${describe(object)}; add a "namespace" to its "objref"`,
        { mark },
      );
    }
    targets.set(first, [...(targets.get(first) ?? first.vars ?? []), name]);
  }
  return resources.map((resource) => {
    const names = targets.get(resource);
    return names ? { ...resource, vars: names } : resource;
  });
}

function readVar(entry: Mapping): Var {
  const object = mappingOf(entry, "objref") ?? entry;
  const field = mappingOf(entry, "fieldref") ?? entry;
  return {
    name: textAt(entry, ["name"]) ?? "",
    object: { ...kindOf(object), name: text(object, "name"), namespace: text(object, "namespace") },
    fieldPath: text(field, "fieldPath") || "metadata.name",
    mark: markOf(entry),
  };
}

/** Group and version stand by themselves or together as `apiVersion`, which then counts. */
function kindOf(object: Mapping): Omit<ResourceId, "name" | "namespace"> {
  const parts = text(object, "apiVersion").split("/");
  const [first = "", second = ""] = parts;
  let group = text(object, "group");
  let version = text(object, "version");
  if (parts.length === 2) [group, version] = [first, second];
  if (parts.length === 1 && first !== "") version = first;
  return { group, version, kind: text(object, "kind") };
}

function text(owner: Mapping, field: string): string {
  return scalarOf(owner, field)?.text ?? "";
}

function takenTwice(added: Var, present: Var): BuildError {
  const { file, line } = placeOf(present.mark);
  return new BuildError(
    `The var "${added.name}" is given already, by "${file}${line === undefined ? "" : `:${line}`}": give one of them another name`,
    { mark: added.mark },
  );
}

function indexByName(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const index = new Map<string, Resource[]>();
  for (const resource of resources) {
    const id = currentId(resource);
    const keys = new Set([
      keyOf(id),
      ...resource.previous.map((name) => keyOf({ ...id, ...name })),
    ]);
    for (const key of keys) {
      const there = index.get(key);
      if (there) there.push(resource);
      else index.set(key, [resource]);
    }
  }
  return index;
}

/** Unlike in a field spec, an empty group or version is no wildcard. */
function keyOf({ group, version, kind, name }: ResourceId): string {
  return `${group}/${version}/${kind}/${name}`;
}

function isInNamespace(resource: Resource, target: ResourceId, { schema }: Context): boolean {
  if (target.namespace === "") return true;
  const id = currentId(resource);
  const current = keyOf(id) === keyOf(target) && effectiveNamespace(id, schema);
  const earlier = resource.previous
    .filter((name) => keyOf({ ...id, ...name }) === keyOf(target))
    .map(({ namespace }) => namespace);
  return [current, ...earlier].includes(target.namespace);
}
