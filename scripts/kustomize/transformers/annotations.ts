import type { FieldSpec } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import type { Mapping } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { setPairs } from "./pairs.ts";

export type AnnotationsConfig = {
  /** Keys and values. */
  readonly annotations: Mapping | undefined;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly by?: Mark | undefined;
};

/** `commonAnnotations`: sets annotations, those of pod templates too. */
export function setAnnotations(
  resources: readonly Resource[],
  { annotations, fieldSpecs, by }: AnnotationsConfig,
  _context: Context,
): readonly Resource[] {
  return setPairs(resources, annotations, fieldSpecs, { operation: "annotations", by });
}
