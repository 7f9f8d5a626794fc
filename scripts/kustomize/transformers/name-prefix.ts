import type { FieldSpec } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import type { Scalar } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { addAffix } from "./name-affix.ts";

export type NamePrefixConfig = {
  readonly prefix: Scalar | undefined;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly by?: Mark | undefined;
};

/** `namePrefix`: puts text before the names of objects. */
export function addNamePrefix(
  resources: readonly Resource[],
  { prefix, fieldSpecs, by }: NamePrefixConfig,
  context: Context,
): readonly Resource[] {
  return addAffix(resources, { operation: "namePrefix", text: prefix, fieldSpecs, by }, context);
}
