import { BuildError } from "../build-error.ts";
import { splitPath } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import { type Mapping, type Node, nodeAt, type Scalar, textAt } from "../node/node.ts";
import type { Mark, Origin } from "../node/origin.ts";
import { matches, readSelector } from "../patches/select.ts";
import type { Resource } from "../resource/resource.ts";
import { parseInteger } from "../yaml/resolve.ts";
import { editFirst } from "./field-path.ts";
import { namespaceEditor } from "./namespace.ts";
import { setScalar, writtenOver } from "./set-scalar.ts";

export type ValueAddConfig = {
  /** Kustomize takes the name of the kustomization's directory where it is not given: the caller's to fill in. */
  readonly value: Scalar;
  /** Entries of `targets` and of the file at `targetFilePath`. */
  readonly targets: readonly Mapping[];
  readonly by?: Mark | undefined;
};

/** A ValueAddTransformer: writes one value into fields, or into file paths that they hold. */
export function addValues(
  resources: readonly Resource[],
  { value, targets, by }: ValueAddConfig,
  context: Context,
): readonly Resource[] {
  if (targets.length === 0) {
    throw new BuildError('A ValueAddTransformer should have "targets": there is none', {
      mark: by,
    });
  }
  return targets.reduce(
    (changed, target) => addValue(changed, value, target, by, context),
    resources,
  );
}

function addValue(
  resources: readonly Resource[],
  value: Scalar,
  target: Mapping,
  by: Mark | undefined,
  context: Context,
): readonly Resource[] {
  const path = textAt(target, ["fieldPath"]) ?? "";
  const position = Number(parseInteger(textAt(target, ["filePathPosition"]) ?? "0", "v2") ?? 0);
  if (path === "" || position < 0) {
    throw new BuildError(
      'A target of a ValueAddTransformer should have a "fieldPath", and a "filePathPosition" that is not negative',
      { mark: target.origin.mark ?? by },
    );
  }
  const select = nodeAt(target, ["selector"]);
  const selector = select?.kind === "mapping" ? readSelector(select) : undefined;
  const edit =
    path === "metadata/namespace"
      ? namespaceEditor(value, { fieldSpecs: [], by }, context)
      : fieldAdder(value, path, position, by);
  return resources.map((resource) =>
    selector === undefined || matches(selector, resource, context.schema)
      ? edit(resource)
      : resource,
  );
}

function fieldAdder(value: Scalar, path: string, position: number, by: Mark | undefined) {
  const step: Origin = { operation: "replacement", mark: value.origin.mark, by };
  const edit = (old: Node, isNew: boolean): Node => {
    const before = old.kind === "scalar" && !isNew ? old.text : "";
    const text = position > 0 ? withPathPart(before, position - 1, value.text) : value.text;
    const known = old.kind === "scalar" && !isNew ? old : undefined;
    return setScalar(old, isNew, writtenOver(known, text), { ...step, keeps: position > 0 });
  };
  const parts = splitPath(path)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return (resource: Resource): Resource => {
    const object = editFirst(resource.object, parts, { edit, create: "scalar", origin: step });
    if (object === resource.object || object.kind !== "mapping") return resource;
    return { ...resource, object };
  };
}

/** A file path with one more part at a place; one that is absolute stays absolute. */
function withPathPart(path: string, position: number, part: string): string {
  const parts = path.split("/").filter((piece) => piece !== "");
  parts.splice(position, 0, part);
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}
