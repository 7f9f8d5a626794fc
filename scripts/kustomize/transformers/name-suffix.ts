import type { FieldSpec } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import type { Scalar } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { addAffix } from "./name-affix.ts";

export type NameSuffixConfig = {
  readonly suffix: Scalar | undefined;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly by?: Mark | undefined;
};

/** `nameSuffix`: puts text after the names of objects. */
export function addNameSuffix(
  resources: readonly Resource[],
  { suffix, fieldSpecs, by }: NameSuffixConfig,
  context: Context,
): readonly Resource[] {
  return addAffix(resources, { operation: "nameSuffix", text: suffix, fieldSpecs, by }, context);
}
