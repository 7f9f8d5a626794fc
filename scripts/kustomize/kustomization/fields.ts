import type { Mapping, Node, Scalar } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { type Fields, listOf, object, valuesOf } from "./shape.ts";

const texts = listOf("text");
const labels = valuesOf("text");

const kind: Fields = { group: "text", version: "text", kind: "text" };
const id: Fields = { ...kind, name: "text", namespace: "text" };
const selector = object({ ...id, labelSelector: "text", annotationSelector: "text" });
const fieldSpecs = listOf(object({ ...kind, path: "text", create: "boolean" }));
const options = object({
  delimiter: "text",
  index: "integer",
  encoding: "text",
  create: "boolean",
});

const generatorOptions = object({
  labels,
  annotations: labels,
  disableNameSuffixHash: "boolean",
  immutable: "boolean",
});

const generator: Fields = {
  name: "text",
  namespace: "text",
  behavior: "text",
  literals: texts,
  files: texts,
  envs: texts,
  env: "text",
  options: generatorOptions,
};

const image = object({
  name: "text",
  newName: "text",
  newTag: "text",
  tagSuffix: "text",
  digest: "text",
});
const images = listOf(image);

const patch: Fields = {
  path: "text",
  patch: "text",
  target: selector,
  options: object({ allowNameChange: "boolean", allowKindChange: "boolean" }),
};
const patches = listOf(object(patch));

const replica = object({ name: "text", count: "integer" });

const replacement: Fields = {
  source: object({ ...id, fieldPath: "text", options }),
  sourceValue: "text",
  targets: listOf(
    object({ select: selector, reject: listOf(selector), fieldPaths: texts, options }),
  ),
};

const metadata = object({ name: "text", namespace: "text", labels, annotations: labels });

/** The fields of a kustomization. Those of Helm are known so that the error can name them. */
export const kustomizationFields: Fields = {
  apiVersion: "text",
  kind: "text",
  metadata,
  openapi: labels,
  namePrefix: "text",
  nameSuffix: "text",
  namespace: "text",
  commonLabels: labels,
  labels: listOf(
    object({
      pairs: labels,
      includeSelectors: "boolean",
      includeTemplates: "boolean",
      fields: fieldSpecs,
    }),
  ),
  commonAnnotations: labels,
  patchesStrategicMerge: texts,
  patchesJson6902: patches,
  patches,
  images,
  imageTags: images,
  replacements: listOf(object({ ...replacement, path: "text" })),
  replicas: listOf(replica),
  vars: listOf(
    object({
      name: "text",
      objref: object({ apiVersion: "text", ...id }),
      fieldref: object({ fieldPath: "text" }),
    }),
  ),
  sortOptions: object({
    order: "text",
    legacySortOptions: object({ orderFirst: texts, orderLast: texts }),
  }),
  resources: texts,
  components: texts,
  crds: texts,
  bases: texts,
  configMapGenerator: listOf(object(generator)),
  secretGenerator: listOf(object({ ...generator, type: "text" })),
  generatorOptions,
  helmGlobals: "any",
  helmCharts: listOf("any"),
  helmChartInflationGenerator: listOf("any"),
  configurations: texts,
  generators: texts,
  transformers: texts,
  validators: texts,
  buildMetadata: texts,
};

/** The fields of one replacement, as files of `replacements` have them. */
export const replacementFields: Fields = replacement;

/** The fields of the objects that configure builtin plugins. */
export const pluginFields = {
  AnnotationsTransformer: { annotations: labels, fieldSpecs },
  ConfigMapGenerator: { metadata, ...generator },
  ImageTagTransformer: { imageTag: image, fieldSpecs },
  LabelTransformer: { labels, fieldSpecs },
  NamespaceTransformer: {
    metadata,
    fieldSpecs,
    unsetOnly: "boolean",
    setRoleBindingSubjects: "text",
  },
  PatchJson6902Transformer: { target: selector, path: "text", jsonOp: "text" },
  PatchStrategicMergeTransformer: { paths: texts, patches: "text" },
  PatchTransformer: patch,
  PrefixTransformer: { prefix: "text", fieldSpecs },
  ReplacementTransformer: { replacements: listOf(object({ ...replacement, path: "text" })) },
  ReplicaCountTransformer: { replica, fieldSpecs },
  SecretGenerator: { metadata, ...generator, type: "text" },
  SuffixTransformer: { suffix: "text", fieldSpecs },
  ValueAddTransformer: {
    value: "text",
    targets: listOf(object({ selector, fieldPath: "text", filePathPosition: "integer" })),
    targetFilePath: "text",
  },
} satisfies Readonly<Record<string, Fields>>;

/** The texts of a list, such as `resources`. */
export function textsOf(owner: Mapping, field: string): readonly Scalar[] {
  return itemsOf(owner, field).filter((item) => item.kind === "scalar");
}

/** The mappings of a list, such as `images`. */
export function mappingsOf(owner: Mapping, field: string): readonly Mapping[] {
  return itemsOf(owner, field).filter((item) => item.kind === "mapping");
}

/** The mapping of a field, such as `commonLabels`. */
export function mappingOf(owner: Mapping, field: string): Mapping | undefined {
  const node = owner.entries.get(field);
  return node?.kind === "mapping" ? node : undefined;
}

/** The scalar of a field; undefined for one that is absent, null or empty, which Go cannot tell apart. */
export function scalarOf(owner: Mapping, field: string): Scalar | undefined {
  const node = owner.entries.get(field);
  return node?.kind === "scalar" && node.type !== "null" && node.text !== "" ? node : undefined;
}

/** Whether a field says true. */
export function isTrue(owner: Mapping, field: string): boolean {
  const node = scalarOf(owner, field);
  return node?.type === "boolean" && /^(y|yes|on|true)$/i.test(node.text);
}

/** Where something of a file stands. */
export function markOf({ origin }: Node): Mark {
  if (origin.mark === undefined) throw new Error("What is read from a file has a mark");
  return origin.mark;
}

function itemsOf(owner: Mapping, field: string): readonly Node[] {
  const node = owner.entries.get(field);
  return node?.kind === "sequence" ? node.items : [];
}
