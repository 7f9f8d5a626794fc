import { effectiveNamespace } from "../resource/identity.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";

/** The resource, which remembers the name that it has now: for a transformer that is about to change it. */
export function withPreviousName(resource: Resource, schema: Schema): Resource {
  const id = currentId(resource);
  const { kind, name } = id;
  const namespace = effectiveNamespace(id, schema);
  return { ...resource, previous: [...resource.previous, { namespace, name, kind }] };
}
