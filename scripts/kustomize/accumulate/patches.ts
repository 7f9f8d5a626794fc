import { BuildError } from "../build-error.ts";
import { mappingOf, markOf, scalarOf } from "../kustomization/fields.ts";
import type { Loader } from "../loader.ts";
import type { Mapping, Scalar } from "../node/node.ts";
import type { SourceText } from "../node/origin.ts";
import {
  applyPatches,
  applyPatchesJson6902,
  applyPatchesStrategicMerge,
} from "../patches/patch.ts";
import { parseObjects } from "../resource/parse.ts";
import { readDocuments } from "../yaml/read.ts";
import { innerText } from "../yaml/source-text.ts";
import type { Transformer } from "./transform.ts";

type Transform = Transformer["transform"];

/** Applies entries of `patches`, or the one that a PatchTransformer is. */
export function patchTransform(entries: readonly Mapping[], loader: Loader): Transform {
  const patches = entries.map((entry) => {
    const text = patchText(entry, "patch", loader);
    const target = mappingOf(entry, "target");
    const options = mappingOf(entry, "options");
    return { text, target, options, by: entry.origin.mark };
  });
  return (resources, context) => applyPatches(resources, patches, context);
}

/** Applies `patchesStrategicMerge`: each entry is a patch, or else the path of a file of patches. */
export function strategicMergeTransform(
  paths: readonly Scalar[],
  inline: Scalar | undefined,
  loader: Loader,
): Transform {
  const patches = paths.map((path) => ({
    text: isInline(path) ? innerText(path) : textOf(path, loader),
    by: path.origin.mark,
  }));
  if (inline) patches.push({ text: innerText(inline), by: inline.origin.mark });
  if (patches.every(({ text }) => readDocuments(text, "strategic merge patch").length === 0)) {
    const [first = inline] = paths;
    throw new BuildError(
      `${paths.length > 1 ? `None of ${list(paths)} holds` : `"${first?.text ?? ""}" does not hold`} a patch: write one, or remove the entry`,
      { mark: first?.origin.mark },
    );
  }
  return (resources, context) => applyPatchesStrategicMerge(resources, patches, context);
}

/** Applies an entry of `patchesJson6902`, or a PatchJson6902Transformer, which calls the patch `jsonOp`. */
export function json6902Transform(
  entry: Mapping,
  field: "patch" | "jsonOp",
  loader: Loader,
): Transform {
  const target = mappingOf(entry, "target");
  if (target === undefined || scalarOf(target, "name") === undefined) {
    throw new BuildError('A JSON patch has no target: add "target" with at least a "name"', {
      mark: (target ?? entry).origin.mark,
    });
  }
  const patch = { text: patchText(entry, field, loader), target, by: entry.origin.mark };
  return (resources, context) => applyPatchesJson6902(resources, [patch], context);
}

function patchText(entry: Mapping, field: "patch" | "jsonOp", loader: Loader): SourceText {
  const path = scalarOf(entry, "path");
  const inline = blankless(scalarOf(entry, field));
  if (path && inline) {
    throw new BuildError(`A patch has both "path" and "${field}": keep one of them`, {
      mark: entry.origin.mark,
    });
  }
  if (path) return textOf(path, loader);
  if (inline) return innerText(inline);
  throw new BuildError(`A patch has neither "path" nor "${field}": add one of them`, {
    mark: entry.origin.mark,
  });
}

function blankless(text: Scalar | undefined): Scalar | undefined {
  return text?.text.trim() === "" ? undefined : text;
}

function textOf(path: Scalar, loader: Loader): SourceText {
  const { text, file } = loader.load(path.text, markOf(path));
  if (text !== undefined) return text;
  throw new BuildError(`Cannot read "${file}": it is not UTF-8 text; save it in that encoding`, {
    file,
  });
}

/** Whether a text reads as objects; for Kustomize anything else is a path. */
function isInline(entry: Scalar): boolean {
  try {
    parseObjects(readDocuments(innerText(entry), "strategic merge patch"));
    return true;
  } catch (error) {
    // No path has several lines: let what is wrong with the patch be said.
    if (entry.text.trim().includes("\n") || !(error instanceof BuildError)) throw error;
    return false;
  }
}

function list(paths: readonly Scalar[]): string {
  return paths.map(({ text }) => `"${text}"`).join(" and ");
}
