import type { Schema, SchemaType } from "./schema.ts";

/** An OpenAPI v2 document, as far as Kustomize reads it. */
export type OpenApi = {
  readonly definitions?: Readonly<Record<string, Definition>>;
  readonly paths?: Readonly<Record<string, PathItem>>;
};

export type Definition = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly additionalProperties?: boolean | Definition;
  readonly items?: Definition;
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
};

type PathItem = {
  readonly get?: { readonly "x-kubernetes-group-version-kind"?: GroupVersionKind };
};

export type GroupVersionKind = {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
};

/**
 * The schema of an OpenAPI document. A strategy that stands beside a `$ref` does not count: Kustomize
 * looks at what the reference leads to alone. `elsewhere` knows definitions outside of the document:
 * those that take the place of its own, and those that it lacks.
 */
export function openApiSchema(
  document: OpenApi,
  elsewhere: {
    readonly above?: (name: string) => SchemaType | undefined;
    readonly below?: (name: string) => SchemaType | undefined;
  } = {},
): Schema {
  const definitions = record(document.definitions);
  const kinds = new Map<string, Definition>();
  // Go sorts the names, and the last definition of a kind wins.
  for (const name of Object.keys(definitions).sort()) {
    const definition = definitions[name];
    const named = definition?.["x-kubernetes-group-version-kind"];
    for (const one of Array.isArray(named) ? named : []) {
      if (definition) kinds.set(keyOf(one), definition);
    }
  }
  const namespaced = namespacedKinds(document);
  const types = new Map<Definition, SchemaType>();

  function typeOf(definition: Definition | undefined): SchemaType | undefined {
    const seen = new Set<Definition>();
    let target = definition;
    while (typeof target?.$ref === "string" && !seen.has(target)) {
      seen.add(target);
      const name = nameOf(target.$ref);
      const over = elsewhere.above?.(name);
      if (over) return over;
      if (!Object.hasOwn(definitions, name)) return elsewhere.below?.(name);
      target = definitions[name];
    }
    if (typeof target !== "object" || target === null || target.$ref !== undefined)
      return undefined;
    const known = types.get(target);
    if (known) return known;
    const { type, additionalProperties: values, items } = target;
    const properties = record(target.properties);
    const isList = type === "array" || (Array.isArray(type) && type.join() === "array");
    const made: SchemaType = {
      field: (name) => {
        if (Object.hasOwn(properties, name)) return typeOf(properties[name]);
        return typeof values === "object" && values !== null ? typeOf(values) : undefined;
      },
      get items() {
        return isList ? typeOf(items) : undefined;
      },
      ...mergeRules(target),
    };
    types.set(target, made);
    return made;
  }

  return {
    typeOf: (apiVersion, kind) => typeOf(kinds.get(`${apiVersion} ${kind}`)),
    isClusterScoped: (apiVersion, kind) => {
      const isNamespaced = namespaced.get(`${apiVersion} ${kind}`);
      return isNamespaced === undefined ? undefined : !isNamespaced;
    },
  };
}

/** The strategies and merge keys of a list; keys count only beside a strategy. */
export function mergeRules(definition: Definition): Pick<SchemaType, "strategies" | "mergeKeys"> {
  const strategy = definition["x-kubernetes-patch-strategy"];
  if (typeof strategy !== "string") return { strategies: [], mergeKeys: [] };
  const key = definition["x-kubernetes-patch-merge-key"];
  return {
    strategies: strategy.split(","),
    mergeKeys: definition["x-kubernetes-list-map-keys"] ?? (key === undefined ? [] : [key]),
  };
}

/** `apps/v1 Deployment` → whether objects of the kind live in a namespace, by the API's paths. */
export function namespacedKinds({ paths }: OpenApi): ReadonlyMap<string, boolean> {
  const namespaced = new Map<string, boolean>();
  for (const [path, item] of Object.entries(record(paths))) {
    const one = item?.get?.["x-kubernetes-group-version-kind"];
    if (one === undefined) continue;
    const key = keyOf(one);
    namespaced.set(key, path.includes("namespaces/{namespace}") || namespaced.get(key) === true);
  }
  return namespaced;
}

export function keyOf({ group, version, kind }: GroupVersionKind): string {
  return `${group ? `${group}/` : ""}${version} ${kind}`;
}

/** Somebody's own document may hold anything anywhere; what has the wrong shape says nothing. */
function record<V>(value: Readonly<Record<string, V>> | undefined): Readonly<Record<string, V>> {
  return typeof value === "object" && value !== null ? value : {};
}

/** The name in `#/definitions/<name>`, where `~1` stands for a slash. */
export function nameOf(reference: string): string {
  return reference
    .replace(/^#\/definitions\//, "")
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
}
