import type { Finding } from "../checks/finding.ts";
import type { Manifest, Path, Resource } from "../fleet/resource.ts";
import { type Target, targetName } from "../fleet/target.ts";
import { type Builder, createBuilder } from "../kustomize/build.ts";
import { BuildError } from "../kustomize/build-error.ts";
import type { Resource as BuiltResource } from "../kustomize/resource/resource.ts";
import { toValue } from "../kustomize/yaml/value.ts";
import type { Tree } from "../tree/tree.ts";
import { readGraph } from "./graph.ts";
import { valuePlace } from "./place.ts";
import type { Render, Rendering } from "./render.ts";
import { readSources } from "./sources.ts";

/** Renders targets by our own engine: each file is parsed once, each base is rendered once. */
export const renderTargets: Render = async (tree, targets) =>
  renderBy(createBuilder(tree), tree, targets);

/** The same by a builder of the tree that the caller asks for more. */
export function renderBy(
  builder: Builder,
  tree: Tree,
  targets: readonly Target[],
): readonly Rendering[] {
  return targets.map((target) => renderTarget(builder, tree, target));
}

/**
 * Where a target does not render, its graph knows more than the engine, which ends at the first
 * mistake: all files that are missing or broken, and both entries of what is taken twice.
 */
function renderTarget(builder: Builder, tree: Tree, target: Target): Rendering {
  try {
    const { resources } = builder.build(target.directory);
    return {
      target,
      resources: resources.map((resource) => fleetResource(target, resource)),
      findings: [],
    };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const { problems } = readGraph(readSources(tree), target.directory);
    const missing = problems.filter(({ rule }) => rule !== "layout-double");
    const findings = missing.length > 0 ? missing : problems;
    return {
      target,
      resources: [],
      findings: findings.length > 0 ? findings : [refusal(error, target)],
    };
  }
}

function fleetResource(target: Target, { object }: BuiltResource): Resource {
  return {
    target,
    manifest: toValue(object) as Manifest,
    placeOf: (path: Path) => valuePlace(object, path),
  };
}

function refusal({ message, place, help }: BuildError, target: Target): Finding {
  return {
    rule: "render",
    severity: "error",
    message,
    help: help ?? `Correct it and run "slipway render ${targetName(target)}"`,
    place: place ?? { file: target.directory },
    target,
  };
}
