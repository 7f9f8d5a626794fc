import { type FieldSpec, isSelected } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import { type Scalar, scalar } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { originalId, type Resource, type ResourceId } from "../resource/resource.ts";
import { fieldEditor } from "./field-spec-edit.ts";
import { withPreviousName } from "./previous-name.ts";
import { setScalar, writtenOver } from "./set-scalar.ts";

/** What is put before or after a name. */
export type Affix = {
  readonly operation: "namePrefix" | "nameSuffix";
  readonly text: Scalar | undefined;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly by?: Mark | undefined;
};

/**
 * Puts text before or after the names of objects, and remembers both the name that each had and the
 * text, by which references find it later. An empty text changes nothing.
 */
export function addAffix(
  resources: readonly Resource[],
  affix: Affix,
  context: Context,
): readonly Resource[] {
  const { text, by, operation } = affix;
  if (text === undefined || text.text === "") return resources;
  const step = { operation, mark: text.origin.mark, by, keeps: true };
  const blank = scalar("", { operation, mark: text.origin.mark, by });
  const edits = affix.fieldSpecs.map((spec) => {
    const edit = fieldEditor([spec], {
      edit(name, isNew) {
        const old = name.kind === "scalar" ? name.text : "";
        const changed = operation === "namePrefix" ? text.text + old : old + text.text;
        const known = name.kind === "scalar" && !isNew ? name : undefined;
        return setScalar(name, isNew, writtenOver(known, changed), step);
      },
      blank,
      by,
    });
    return { spec, edit };
  });
  return resources.map((resource) => {
    const id = originalId(resource);
    if (keepsName(id)) return resource;
    let changed = resource;
    for (const { spec, edit } of edits) {
      if (!isSelected(id, spec)) continue;
      if (spec.path === "metadata/name") changed = remember(changed, affix, context);
      changed = edit(changed);
    }
    return changed;
  });
}

function remember(resource: Resource, { operation, text }: Affix, { schema }: Context): Resource {
  const named = withPreviousName(resource, schema);
  const added = text?.text ?? "";
  return operation === "namePrefix"
    ? { ...named, prefixes: [...named.prefixes, added] }
    : { ...named, suffixes: [...named.suffixes, added] };
}

/** Whether a name means something outside of the object. */
function keepsName({ group, kind }: ResourceId): boolean {
  return (
    kind === "CustomResourceDefinition" ||
    kind === "Namespace" ||
    (kind === "APIService" && group === "apiregistration.k8s.io")
  );
}
