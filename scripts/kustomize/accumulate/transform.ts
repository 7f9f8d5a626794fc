import type { Configurations } from "../configurations/configurations.ts";
import { mergeFieldSpecs } from "../configurations/merge.ts";
import { readFieldSpecs } from "../configurations/read.ts";
import type { Context } from "../context.ts";
import { isTrue, mappingOf, mappingsOf, scalarOf, textsOf } from "../kustomization/fields.ts";
import type { Kustomization } from "../kustomization/read.ts";
import type { Loader } from "../loader.ts";
import type { Mapping } from "../node/node.ts";
import type { Configurer, Resource } from "../resource/resource.ts";
import { setAnnotations } from "../transformers/annotations.ts";
import { setImages } from "../transformers/images.ts";
import { setLabels } from "../transformers/labels.ts";
import { addNamePrefix } from "../transformers/name-prefix.ts";
import { addNameSuffix } from "../transformers/name-suffix.ts";
import { setNamespace } from "../transformers/namespace.ts";
import { applyReplacements } from "../transformers/replacements.ts";
import { setReplicas } from "../transformers/replicas.ts";
import { json6902Transform, patchTransform, strategicMergeTransform } from "./patches.ts";
import { readReplacements } from "./replacements.ts";

type Transform = (resources: readonly Resource[], context: Context) => readonly Resource[];

/** A step of a build that changes resources. */
export type Transformer = {
  /** For `buildMetadata: [transformerAnnotations]`: the builtin plugin that the field stands for. */
  readonly configuredBy: Configurer;
  /** The file that configures it as seen from the built directory, where it is not the kustomization. */
  readonly configuredIn?: string;
  readonly transform: Transform;
};

/**
 * The transformers that the fields of a kustomization ask for, in Kustomize's order; where it is tracked
 * what they do, one for each of Kustomize's own.
 */
export function transformersOf(
  { fields }: Kustomization,
  configurations: Configurations,
  loader: Loader,
  isTracked: boolean,
): readonly Transformer[] {
  return [
    ...strategicMergeTransformer(fields, loader),
    ...patchTransformers(fields, loader, isTracked),
    ...namespaceTransformer(fields, configurations),
    ...prefixTransformer(fields, configurations),
    ...suffixTransformer(fields, configurations),
    ...labelTransformers(fields, configurations),
    ...annotationsTransformer(fields, configurations),
    ...mappingsOf(fields, "patchesJson6902").map((entry) =>
      builtin("PatchJson6902Transformer", json6902Transform(entry, "patch", loader)),
    ),
    ...mappingsOf(fields, "replicas").map((replica) => {
      const config = { replica, fieldSpecs: configurations.replicas, by: replica.origin.mark };
      return builtin("ReplicaCountTransformer", (resources, context) =>
        setReplicas(resources, config, context),
      );
    }),
    ...mappingsOf(fields, "images").map((imageTag) => {
      const config = { imageTag, fieldSpecs: configurations.images, by: imageTag.origin.mark };
      return builtin("ImageTagTransformer", (resources, context) =>
        setImages(resources, config, context),
      );
    }),
    ...replacementTransformer(fields, loader),
  ];
}

function builtin(kind: string, transform: Transform): Transformer {
  return { configuredBy: { apiVersion: "builtin", kind }, transform };
}

function strategicMergeTransformer(fields: Mapping, loader: Loader): Transformer[] {
  const entries = textsOf(fields, "patchesStrategicMerge");
  if (entries.length === 0) return [];
  const transform = strategicMergeTransform(entries, undefined, loader);
  return [builtin("PatchStrategicMergeTransformer", transform)];
}

/** All entries of `patches` at once: they share what is known of the resources. */
function patchTransformers(fields: Mapping, loader: Loader, isTracked: boolean): Transformer[] {
  const entries = mappingsOf(fields, "patches");
  if (entries.length === 0) return [];
  const groups = isTracked ? entries.map((entry) => [entry]) : [entries];
  return groups.map((group) => builtin("PatchTransformer", patchTransform(group, loader)));
}

function namespaceTransformer(
  fields: Mapping,
  { namespace: fieldSpecs }: Configurations,
): Transformer[] {
  const namespace = scalarOf(fields, "namespace");
  if (namespace === undefined) return [];
  const config = { namespace, fieldSpecs, by: namespace.origin.mark };
  return [
    builtin("NamespaceTransformer", (resources, context) =>
      setNamespace(resources, config, context),
    ),
  ];
}

function prefixTransformer(
  fields: Mapping,
  { namePrefix: fieldSpecs }: Configurations,
): Transformer[] {
  const prefix = scalarOf(fields, "namePrefix");
  if (prefix === undefined) return [];
  const config = { prefix, fieldSpecs, by: prefix.origin.mark };
  return [
    builtin("PrefixTransformer", (resources, context) => addNamePrefix(resources, config, context)),
  ];
}

function suffixTransformer(
  fields: Mapping,
  { nameSuffix: fieldSpecs }: Configurations,
): Transformer[] {
  const suffix = scalarOf(fields, "nameSuffix");
  if (suffix === undefined) return [];
  const config = { suffix, fieldSpecs, by: suffix.origin.mark };
  return [
    builtin("SuffixTransformer", (resources, context) => addNameSuffix(resources, config, context)),
  ];
}

/** Kustomize runs one for each entry of `labels` and one for `commonLabels`, even where that is empty. */
function labelTransformers(fields: Mapping, configurations: Configurations): Transformer[] {
  const entries = mappingsOf(fields, "labels");
  const commonLabels = mappingOf(fields, "commonLabels");
  if (entries.length === 0 && (commonLabels?.entries.size ?? 0) === 0) return [];
  const configs = [
    ...entries.map((entry) => ({
      labels: mappingOf(entry, "pairs"),
      fieldSpecs: labelFieldSpecs(entry, configurations),
      by: entry.origin.mark,
    })),
    {
      labels: commonLabels,
      fieldSpecs: configurations.commonLabels,
      by: commonLabels?.origin.mark,
    },
  ];
  return configs.map((config) =>
    builtin("LabelTransformer", (resources, context) => setLabels(resources, config, context)),
  );
}

/** The fields that an entry of `labels` sets: its own, then those of the configurations. */
function labelFieldSpecs(entry: Mapping, configurations: Configurations) {
  const own = mergeFieldSpecs(
    readFieldSpecs(entry.entries.get("fields")),
    configurations.labels,
    "labels",
  );
  if (isTrue(entry, "includeSelectors")) {
    return mergeFieldSpecs(own, configurations.commonLabels, "labels");
  }
  const specs = isTrue(entry, "includeTemplates")
    ? mergeFieldSpecs(own, configurations.templateLabels, "labels")
    : own;
  return mergeFieldSpecs(specs, [{ path: "metadata/labels", create: true }], "labels");
}

function annotationsTransformer(fields: Mapping, configurations: Configurations): Transformer[] {
  const annotations = mappingOf(fields, "commonAnnotations");
  if (annotations === undefined || annotations.entries.size === 0) return [];
  const config = {
    annotations,
    fieldSpecs: configurations.commonAnnotations,
    by: annotations.origin.mark,
  };
  return [
    builtin("AnnotationsTransformer", (resources, context) =>
      setAnnotations(resources, config, context),
    ),
  ];
}

function replacementTransformer(fields: Mapping, loader: Loader): Transformer[] {
  const entries = mappingsOf(fields, "replacements");
  if (entries.length === 0) return [];
  const replacements = readReplacements(entries, loader);
  return [
    builtin("ReplacementTransformer", (resources, context) =>
      applyReplacements(resources, { replacements }, context),
    ),
  ];
}
