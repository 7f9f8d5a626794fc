import { BuildError } from "../build-error.ts";
import type { Configurations } from "./configurations.ts";
import {
  type FieldSpec,
  isSelected,
  type KindSelector,
  type NameReferenceSpec,
} from "./field-spec.ts";
import { compareKinds } from "./kind-order.ts";

/** Two configurations in one, in the order of kinds that Kustomize keeps them in. */
export function mergeConfigurations(base: Configurations, added: Configurations): Configurations {
  const merged = (field: Exclude<keyof Configurations, "nameReference">) =>
    sortedByKind(mergeFieldSpecs(base[field], added[field], field));
  return {
    namePrefix: merged("namePrefix"),
    nameSuffix: merged("nameSuffix"),
    namespace: merged("namespace"),
    commonLabels: merged("commonLabels"),
    labels: merged("labels"),
    templateLabels: merged("templateLabels"),
    commonAnnotations: merged("commonAnnotations"),
    images: merged("images"),
    replicas: merged("replicas"),
    varReference: merged("varReference"),
    nameReference: sortedByKind(mergeNameReferences(base.nameReference, added.nameReference)),
  };
}

/**
 * Field specs with more of them. One that is there already, or that is for any kind where the path is
 * there for some kind, adds nothing, but must agree on `create`.
 */
export function mergeFieldSpecs(
  base: readonly FieldSpec[],
  added: readonly FieldSpec[],
  field = "fields",
): readonly FieldSpec[] {
  if (added.length === 0) return base;
  const merged = [...base];
  const byPath = Map.groupBy(base, ({ path }) => path);
  for (const spec of added) {
    const samePath = byPath.get(spec.path) ?? [];
    const known = samePath.find((other) => isSelected(other, spec));
    if (known === undefined) {
      merged.push(spec);
      byPath.set(spec.path, [...samePath, spec]);
    } else if (known.create !== spec.create) throw conflict(field, known, spec);
  }
  return merged;
}

/** Name references with more of them; those to the same kind become one. */
export function mergeNameReferences(
  base: readonly NameReferenceSpec[],
  added: readonly NameReferenceSpec[],
): readonly NameReferenceSpec[] {
  const merged = [...base];
  const byKind = Map.groupBy(merged.keys(), (index) => kindKey(merged[index] ?? {}));
  for (const spec of added) {
    const key = kindKey(spec);
    const known = byKind.get(key);
    if (known === undefined) byKind.set(key, [merged.push(spec) - 1]);
    for (const index of known ?? []) {
      const { fieldSpecs, ...kind } = merged[index] ?? spec;
      const all = mergeFieldSpecs(fieldSpecs, spec.fieldSpecs, "nameReference");
      merged[index] = { ...kind, fieldSpecs: all };
    }
  }
  return merged;
}

/** In Kustomize's order of kinds; a list is sorted once, since most merges add nothing to it. */
export function sortedByKind<K extends KindSelector>(specs: readonly K[]): readonly K[] {
  const known = sortedLists.get(specs) as readonly K[] | undefined;
  if (known !== undefined) return known;
  const sorted = specs.toSorted(compareKinds);
  sortedLists.set(specs, sorted);
  sortedLists.set(sorted, sorted);
  return sorted;
}

const sortedLists = new WeakMap<readonly KindSelector[], readonly KindSelector[]>();

function kindKey({ group = "", version = "", kind = "" }: KindSelector): string {
  return `${group}/${version}/${kind}`;
}

function conflict(field: string, known: FieldSpec, spec: FieldSpec): BuildError {
  return new BuildError(
    `Cannot add "${spec.path}" to "${field}" with "create: ${spec.create}": it is there already with "create: ${known.create}"`,
    { mark: spec.mark ?? known.mark, help: `Write "create: ${known.create}"` },
  );
}
