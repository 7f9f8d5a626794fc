import { SlipwayError } from "../errors.ts";
import { type Target, targetName } from "../fleet/target.ts";
import { createBuilder } from "../kustomize/build.ts";
import { BuildError } from "../kustomize/build-error.ts";
import type { Resource } from "../kustomize/resource/resource.ts";
import { shortPlace } from "../kustomize/story/paint.ts";
import type { Tree } from "../tree/tree.ts";

/** The objects of a target with their origins. Throws a `SlipwayError` that names the place. */
export function buildTarget(tree: Tree, target: Target): readonly Resource[] {
  try {
    return createBuilder(tree).build(target.directory).resources;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const where = error.place ? ` (${shortPlace(error.place)})` : "";
    throw new SlipwayError(`Cannot render "${targetName(target)}": ${error.message}${where}`);
  }
}
