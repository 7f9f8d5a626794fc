import type { FieldSpec, NameReferenceSpec } from "./field-spec.ts";

/** Which fields the transformers of a kustomization work on. Kustomize calls it the transformer config. */
export type Configurations = {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  /** Labels that are selected by, as `commonLabels` and `includeSelectors` set them. */
  readonly commonLabels: readonly FieldSpec[];
  /** Fields that every entry of `labels` sets besides its own. */
  readonly labels: readonly FieldSpec[];
  /** What `includeTemplates` adds. */
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
  readonly varReference: readonly FieldSpec[];
  readonly nameReference: readonly NameReferenceSpec[];
};

export const noConfigurations: Configurations = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  images: [],
  replicas: [],
  varReference: [],
  nameReference: [],
};
