import type { BuildError } from "../build-error.ts";
import type { Node, Scalar } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";

/**
 * Throws for a value that a replacement put where it cannot stand and that is there still. Kustomize
 * notices when it writes the object: a later replacement can repair what an earlier one did.
 */
export function refuseMisfits(resources: readonly Resource[]): void {
  for (const { object, misfits } of resources) if (misfits) refuse(object, misfits);
}

function refuse(node: Node, misfits: ReadonlyMap<Scalar, BuildError>): void {
  if (node.kind === "scalar") {
    const error = misfits.get(node);
    if (error) throw error;
    return;
  }
  const children = node.kind === "mapping" ? node.entries.values() : node.items;
  for (const child of children) refuse(child, misfits);
}
