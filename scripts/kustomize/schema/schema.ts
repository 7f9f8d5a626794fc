/** What strategic merge and namespaces need to know of Kubernetes' types. */
export type Schema = {
  /** The type of an object; undefined for a kind that the schema does not know, such as a custom resource. */
  readonly typeOf: (apiVersion: string, kind: string) => SchemaType | undefined;
  /** Whether a kind has no namespace; undefined for a kind that the schema does not know. */
  readonly isClusterScoped: (apiVersion: string, kind: string) => boolean | undefined;
};

/** The type of a field, as far as a merge needs it. */
export type SchemaType = {
  readonly field: (name: string) => SchemaType | undefined;
  /** The type of a list's items or of a map's values. */
  readonly items: SchemaType | undefined;
  /** `x-kubernetes-patch-merge-key` of a list; several for kustomize's own `containerPort` and `protocol`. */
  readonly mergeKeys: readonly string[];
  /** `x-kubernetes-patch-strategy`: merge, replace, retainKeys; empty for none. */
  readonly strategies: readonly string[];
};
