import { BuildError } from "../build-error.ts";
import { type FieldSpec, isSelected, type KindSelector } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import { type Mapping, scalar, textAt } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import { parseInteger } from "../yaml/resolve.ts";
import { fieldEditor } from "./field-spec-edit.ts";
import { setScalar } from "./set-scalar.ts";

export type ReplicasConfig = {
  /** An entry of `replicas`: name and count. */
  readonly replica: Mapping;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly by?: Mark | undefined;
};

/** An entry of `replicas`: sets the count of the objects that have the name, or had it before. */
export function setReplicas(
  resources: readonly Resource[],
  { replica, fieldSpecs, by }: ReplicasConfig,
  _context: Context,
): readonly Resource[] {
  const name = textAt(replica, ["name"]) ?? "";
  const count = replica.entries.get("count");
  const text = String(parseInteger(count?.kind === "scalar" ? count.text : "", "v2") ?? 0);
  const mark = (count ?? replica).origin.mark;
  const step = { operation: "replicas", mark, by } as const;
  const edits = fieldSpecs.map((spec) => ({
    spec,
    set: fieldEditor([spec], {
      edit: (old, isNew) => setScalar(old, isNew, { text, type: "integer" }, step),
      blank: scalar("", step),
      by,
    }),
  }));
  let isFound = false;
  const changed = resources.map((resource) => {
    const kinds = kindsByName(resource, name);
    if (kinds.length === 0) return resource;
    let next = resource;
    for (const { spec, set } of edits) {
      if (!kinds.some((kind) => isSelected(kind, spec))) continue;
      isFound = true;
      next = set(next);
    }
    return next;
  });
  if (!isFound) throw notFound(name, replica, fieldSpecs);
  return changed;
}

/** The kinds under which a resource has, or had, the name. */
function kindsByName(resource: Resource, name: string): readonly KindSelector[] {
  const id = currentId(resource);
  return [...resource.previous, id]
    .filter((known) => known.name === name)
    .map(({ kind }) => ({ group: id.group, version: id.version, kind }));
}

function notFound(name: string, replica: Mapping, specs: readonly FieldSpec[]): BuildError {
  const kinds = specs.map(({ kind }) => kind ?? "any kind").join(", ");
  return new BuildError(
    `Cannot set replicas of "${name}": no object of that name is one of the kinds that have replicas: ${kinds}`,
    {
      mark: (replica.entries.get("name") ?? replica).origin.mark,
      help: 'Name a kind\'s field under "replicas" in a file of "configurations", or use a patch',
    },
  );
}
