import type { Context } from "../context.ts";
import { type Mapping, nodeAt, type Scalar, withEntry } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import { withPreviousName } from "../transformers/previous-name.ts";
import { contentHash } from "./hash.ts";

/** Appends the hash of its content to the name of every generated object that asks for it. */
export function addHashes(
  resources: readonly Resource[],
  { schema }: Context,
): readonly Resource[] {
  return resources.map((resource) =>
    resource.generated?.needsHash
      ? { ...withPreviousName(resource, schema), object: withHash(resource.object) }
      : resource,
  );
}

function withHash(object: Mapping): Mapping {
  const metadata = nodeAt(object, ["metadata"]);
  const name = nodeAt(metadata, ["name"]);
  if (metadata?.kind !== "mapping" || name?.kind !== "scalar") return object;
  const { hash, of } = contentHash(object);
  const hashed: Scalar = {
    ...name,
    text: `${name.text}-${hash}`,
    origin: { operation: "name hash", keeps: true, from: of, before: name.origin },
  };
  return withEntry(object, "metadata", withEntry(metadata, "name", hashed));
}
