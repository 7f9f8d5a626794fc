import { BuildError } from "../build-error.ts";
import type { FieldSpec } from "../configurations/field-spec.ts";
import { type Mapping, mapping, type Node, type Scalar, scalar } from "../node/node.ts";
import type { Mark, Operation } from "../node/origin.ts";
import { withShared } from "../node/shared.ts";
import type { Resource } from "../resource/resource.ts";
import { resolvePlain } from "../yaml/resolve.ts";
import { fieldEditor } from "./field-spec-edit.ts";

/** Sets keys and values, all of them strings, in the mappings that the field specs lead to. */
export function setPairs(
  resources: readonly Resource[],
  pairs: Mapping | undefined,
  specs: readonly FieldSpec[],
  { operation, by }: { operation: Operation; by?: Mark | undefined },
): readonly Resource[] {
  if (pairs === undefined || pairs.entries.size === 0) return resources;
  const blank = mapping([], { operation, mark: pairs.origin.mark, by });
  // What one resource gets: values for fields that are new, and for shared ones that are not.
  let added = new Map<string, Scalar>();
  let changed = new Map<symbol, Scalar>();
  const edit = (owner: Node): Node => {
    // A null that is not to be created stays one.
    if (owner.kind === "scalar" && owner.type === "null") return owner;
    if (owner.kind !== "mapping") throw noMapping(owner, pairs, operation);
    const entries = new Map(owner.entries);
    for (const [key, value] of pairs.entries) {
      if (value.kind !== "scalar") continue;
      const old = owner.entries.get(key);
      if (!old && resolvePlain(key, "v3") !== "string") throw noText(key, value);
      const text = value.type === "null" ? "" : value.text;
      const step = { operation, mark: value.origin.mark, by };
      if (old === undefined) {
        const fresh = added.get(key) ?? { ...scalar(text, step), shared: Symbol(key) };
        added.set(key, fresh);
        entries.set(key, fresh);
      } else if (old !== added.get(key)) {
        const shared = old.kind === "scalar" ? old.shared : undefined;
        const next = scalar(text, { ...step, before: old.origin });
        entries.set(key, shared ? { ...next, shared } : next);
        if (shared) changed.set(shared, { ...next, shared });
      }
    }
    return { ...owner, entries };
  };
  const set = fieldEditor(specs, { edit, blank, by });
  return resources.map((resource) => {
    added = new Map();
    changed = new Map();
    const next = set(resource);
    return changed.size === 0 ? next : { ...next, object: withShared(next.object, changed) };
  });
}

function noMapping(found: Node, pairs: Mapping, operation: Operation): BuildError {
  const [key] = pairs.entries.keys();
  const what = found.kind === "scalar" ? `"${found.text}"` : "a list";
  return new BuildError(
    `Cannot set "${key}" by "${operation}": a mapping should hold it, but there is ${what}`,
    {
      mark: found.origin.mark ?? pairs.origin.mark,
    },
  );
}

/** Kustomize writes a new key without quotes, and then finds that it is no text. */
function noText(key: string, value: Node): BuildError {
  return new BuildError(
    `Cannot set the key "${key}": it should not look like a number, a date or true`,
    {
      mark: value.origin.mark,
    },
  );
}
