import type { FieldSpec } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import type { Mapping } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { setPairs } from "./pairs.ts";

export type LabelsConfig = {
  /** Keys and values. */
  readonly labels: Mapping | undefined;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly by?: Mark | undefined;
};

/** An entry of `labels`, or `commonLabels`: sets labels, and selectors as far as the field specs name them. */
export function setLabels(
  resources: readonly Resource[],
  { labels, fieldSpecs, by }: LabelsConfig,
  _context: Context,
): readonly Resource[] {
  return setPairs(resources, labels, fieldSpecs, { operation: "labels", by });
}
