import type { Schema } from "../schema/schema.ts";
import { currentId, type Resource, type ResourceId } from "./resource.ts";

/** The namespace of what has none. */
export const noNamespace = "_non_namespaceable_";

/** The namespace by which objects are told apart: `default` where an object names none. */
export function effectiveNamespace(id: ResourceId, schema: Schema): string {
  if (schema.isClusterScoped(apiVersionOf(id), id.kind) === true) return noNamespace;
  return id.namespace || "default";
}

/** Equal for the ids of one object only. */
export function idKey(id: ResourceId, schema: Schema): string {
  return key(id, effectiveNamespace(id, schema));
}

/** The keys of all ids that a resource has had, without repetition; the present one is the last. */
export function idKeys(resource: Resource, schema: Schema): readonly string[] {
  const current = currentId(resource);
  const keys = new Set<string>();
  for (const { namespace, name, kind } of resource.previous) {
    keys.add(key({ ...current, name, kind }, namespace || "default"));
  }
  const last = idKey(current, schema);
  keys.delete(last);
  return [...keys, last];
}

/** An object for people: `Deployment "router" in "prod"`. */
export function describe({ kind, name, namespace }: ResourceId): string {
  return namespace === "" ? `${kind} "${name}"` : `${kind} "${name}" in "${namespace}"`;
}

function apiVersionOf({ group, version }: ResourceId): string {
  return group === "" ? version : `${group}/${version}`;
}

function key({ group, version, kind, name }: ResourceId, namespace: string): string {
  return `${group}\0${version}\0${kind}\0${namespace}\0${name}`;
}
