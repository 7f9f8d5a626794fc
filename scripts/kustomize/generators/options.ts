import { isTrue, mappingOf } from "../kustomization/fields.ts";
import type { Mapping, Scalar } from "../node/node.ts";

/** How generated objects are labelled and named: `generatorOptions`, or `options` of one generator. */
export type GeneratorOptions = {
  readonly labels: ReadonlyMap<string, Scalar>;
  readonly annotations: ReadonlyMap<string, Scalar>;
  /** Where `immutable: true` is written. */
  readonly immutable: Scalar | undefined;
  readonly disableNameSuffixHash: boolean;
};

/**
 * The options of a generator. Its own labels and annotations win over those for all generators; a
 * boolean that is true on either side is true, as Kustomize cannot see whether a false was written.
 */
export function generatorOptions(args: Mapping, common: Mapping | undefined): GeneratorOptions {
  const own = mappingOf(args, "options");
  const both = [common, own].filter((options) => options !== undefined);
  return {
    labels: new Map(both.flatMap((options) => pairsOf(options, "labels"))),
    annotations: new Map(both.flatMap((options) => pairsOf(options, "annotations"))),
    immutable: both.flatMap((options) => whereTrue(options, "immutable")).at(-1),
    disableNameSuffixHash: both.some((options) => isTrue(options, "disableNameSuffixHash")),
  };
}

function pairsOf(options: Mapping, field: string): readonly (readonly [string, Scalar])[] {
  const pairs = [...(mappingOf(options, field)?.entries ?? [])];
  return pairs.flatMap(([key, value]) => (value.kind === "scalar" ? [[key, value] as const] : []));
}

function whereTrue(options: Mapping, field: string): readonly Scalar[] {
  const value = options.entries.get(field);
  return value?.kind === "scalar" && isTrue(options, field) ? [value] : [];
}
