import {
  json6902Transform,
  patchTransform,
  strategicMergeTransform,
} from "../accumulate/patches.ts";
import { readReplacements } from "../accumulate/replacements.ts";
import type { Transformer } from "../accumulate/transform.ts";
import { BuildError } from "../build-error.ts";
import type { FieldSpec } from "../configurations/field-spec.ts";
import { readFieldSpecs } from "../configurations/read.ts";
import { generateConfigMap } from "../generators/config-map.ts";
import { generateIamPolicy } from "../generators/iam-policy.ts";
import { generateSecret } from "../generators/secret.ts";
import {
  isTrue,
  mappingOf,
  mappingsOf,
  markOf,
  pluginFields,
  scalarOf,
  textsOf,
} from "../kustomization/fields.ts";
import { readFields } from "../kustomization/shape.ts";
import type { Loader } from "../loader.ts";
import { addHashes } from "../names/hash-names.ts";
import { type Mapping, mapping, scalar, textAt } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import { setAnnotations } from "../transformers/annotations.ts";
import { setImages } from "../transformers/images.ts";
import { setLabels } from "../transformers/labels.ts";
import { addNamePrefix } from "../transformers/name-prefix.ts";
import { addNameSuffix } from "../transformers/name-suffix.ts";
import { type SubjectMode, setNamespace } from "../transformers/namespace.ts";
import { applyReplacements } from "../transformers/replacements.ts";
import { setReplicas } from "../transformers/replicas.ts";
import { addValues } from "../transformers/value-add.ts";
import { readConfiguration } from "../yaml/read.ts";

type Transform = Transformer["transform"];

/** Builtin generators by kind, configured by an object of their own. */
export const builtinGenerators: Readonly<
  Record<string, (config: Mapping, loader: Loader, file: string) => Resource>
> = {
  ConfigMapGenerator: (config, { load }, file) =>
    generateConfigMap(readFields(config, pluginFields.ConfigMapGenerator), {
      load,
      options: undefined,
      by: markOf(config),
      file,
    }),
  SecretGenerator: (config, { load }, file) =>
    generateSecret(readFields(config, pluginFields.SecretGenerator), {
      load,
      options: undefined,
      by: markOf(config),
      file,
    }),
  IAMPolicyGenerator: (config, _, file) => generateIamPolicy(config, { by: markOf(config), file }),
};

/** Builtin transformers by kind. Unlike the fields of a kustomization they know no default field specs. */
export const builtinTransformers: Readonly<
  Record<string, (config: Mapping, loader: Loader) => Transform>
> = {
  AnnotationsTransformer(object) {
    const fields = readFields(object, pluginFields.AnnotationsTransformer);
    const config = { ...common(fields), annotations: mappingOf(fields, "annotations") };
    return (resources, context) => setAnnotations(resources, config, context);
  },
  HashTransformer: () => addHashes,
  ImageTagTransformer(object) {
    const fields = readFields(object, pluginFields.ImageTagTransformer);
    const imageTag = mappingOf(fields, "imageTag") ?? mapping([], object.origin);
    const config = { ...common(fields), imageTag };
    return (resources, context) => setImages(resources, config, context);
  },
  LabelTransformer(object) {
    const fields = readFields(object, pluginFields.LabelTransformer);
    const config = { ...common(fields), labels: mappingOf(fields, "labels") };
    return (resources, context) => setLabels(resources, config, context);
  },
  NamespaceTransformer(object) {
    const fields = readFields(object, pluginFields.NamespaceTransformer);
    const metadata = mappingOf(fields, "metadata");
    const namespace = metadata && scalarOf(metadata, "namespace");
    const setRoleBindingSubjects = subjectMode(fields);
    if (namespace === undefined) return (resources) => resources;
    const config = {
      ...common(fields),
      namespace,
      unsetOnly: isTrue(fields, "unsetOnly"),
      setRoleBindingSubjects,
    };
    return (resources, context) => setNamespace(resources, config, context);
  },
  PatchJson6902Transformer: (object, loader) =>
    json6902Transform(readFields(object, pluginFields.PatchJson6902Transformer), "jsonOp", loader),
  PatchStrategicMergeTransformer(object, loader) {
    const fields = readFields(object, pluginFields.PatchStrategicMergeTransformer);
    return strategicMergeTransform(textsOf(fields, "paths"), scalarOf(fields, "patches"), loader);
  },
  PatchTransformer: (object, loader) =>
    patchTransform([readFields(object, pluginFields.PatchTransformer)], loader),
  PrefixSuffixTransformer(object, loader) {
    const prefix = builtinTransformers.PrefixTransformer?.(object, loader);
    const suffix = builtinTransformers.SuffixTransformer?.(object, loader);
    return (resources, context) => {
      const prefixed = prefix?.(resources, context) ?? resources;
      return suffix?.(prefixed, context) ?? prefixed;
    };
  },
  PrefixTransformer(object) {
    const fields = readFields(object, pluginFields.PrefixTransformer);
    const config = { ...required(object, fields), prefix: scalarOf(fields, "prefix") };
    return (resources, context) => addNamePrefix(resources, config, context);
  },
  SuffixTransformer(object) {
    const fields = readFields(object, pluginFields.SuffixTransformer);
    const config = { ...required(object, fields), suffix: scalarOf(fields, "suffix") };
    return (resources, context) => addNameSuffix(resources, config, context);
  },
  ReplacementTransformer(object, loader) {
    const fields = readFields(object, pluginFields.ReplacementTransformer);
    const replacements = readReplacements(mappingsOf(fields, "replacements"), loader);
    return (resources, context) => applyReplacements(resources, { replacements }, context);
  },
  ReplicaCountTransformer(object) {
    const fields = readFields(object, pluginFields.ReplicaCountTransformer);
    const replica = mappingOf(fields, "replica") ?? mapping([], object.origin);
    const config = { ...common(fields), replica };
    return (resources, context) => setReplicas(resources, config, context);
  },
  ValueAddTransformer(object, loader) {
    const fields = readFields(object, pluginFields.ValueAddTransformer);
    const given = scalarOf(fields, "value");
    const text = given?.text.trim() || loader.root.slice(loader.root.lastIndexOf("/") + 1);
    const value = given?.text === text ? given : scalar(text, given?.origin ?? object.origin);
    const targets = [...mappingsOf(fields, "targets"), ...targetsOfFile(fields, loader)];
    if (targets.length === 0) throw incomplete(object, '"targets"');
    const config = { value, targets, by: object.origin.mark };
    return (resources, context) => addValues(resources, config, context);
  },
};

function common(config: Mapping): {
  fieldSpecs: readonly FieldSpec[];
  by: Mapping["origin"]["mark"];
} {
  return { fieldSpecs: readFieldSpecs(config.entries.get("fieldSpecs")), by: config.origin.mark };
}

/** Kustomize wants to be told where a prefix or suffix goes. */
function required(object: Mapping, fields: Mapping): ReturnType<typeof common> {
  if (!fields.entries.has("fieldSpecs")) throw incomplete(object, '"fieldSpecs"');
  return common(fields);
}

function subjectMode(config: Mapping): SubjectMode {
  const mode = scalarOf(config, "setRoleBindingSubjects");
  const text = mode?.text ?? "defaultOnly";
  if (text === "defaultOnly" || text === "allServiceAccounts" || text === "none") return text;
  throw new BuildError(
    `"setRoleBindingSubjects" is "${text}": it should be "defaultOnly", "allServiceAccounts" or "none"`,
    { mark: mode?.origin.mark },
  );
}

function targetsOfFile(config: Mapping, loader: Loader): readonly Mapping[] {
  const path = scalarOf(config, "targetFilePath");
  if (path === undefined) return [];
  const { text } = loader.load(path.text, markOf(path));
  const document = text && readConfiguration(text, "resource");
  if (document?.kind !== "mapping") return [];
  return mappingsOf(
    readFields(document, { targets: pluginFields.ValueAddTransformer.targets }),
    "targets",
  );
}

function incomplete(object: Mapping, field: string): BuildError {
  return new BuildError(
    `A ${textAt(object, ["kind"])} has no ${field}: add them, or it would do nothing`,
    { mark: object.origin.mark },
  );
}
