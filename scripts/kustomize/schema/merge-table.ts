import {
  type Definition,
  keyOf,
  mergeRules,
  nameOf,
  namespacedKinds,
  type OpenApi,
} from "./open-api.ts";
import type { Schema, SchemaType } from "./schema.ts";

/** What is left of an OpenAPI document where only fields count that lead to a list which is merged. */
export type MergeTable = {
  /**
   * The fields of a type: `core.v1.PodSpec`, `[core.v1.Volume] merge name` for a list, its strategies
   * and merge keys, `{core.v1.Pod}` for a map.
   */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The type of each kind. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Whether objects of a kind live in a namespace. */
  readonly namespaced: Readonly<Record<string, boolean>>;
};

/** The table of an OpenAPI document. */
export function mergeTable(document: OpenApi): MergeTable {
  const definitions = document.definitions ?? {};
  const useful = usefulTypes(definitions);
  const types: Record<string, Record<string, string>> = {};
  const kinds: Record<string, string> = {};
  for (const name of Object.keys(definitions).sort()) {
    const { properties = {}, "x-kubernetes-group-version-kind": named = [] } =
      definitions[name] ?? {};
    if (!useful.has(name)) continue;
    const fields = Object.entries(properties).flatMap(([field, property]) => {
      const written = write(property, useful);
      return written === undefined ? [] : [[field, written] as const];
    });
    types[shorten(name)] = sorted(fields);
    for (const one of named) kinds[keyOf(one)] = shorten(name);
  }
  return {
    types,
    kinds: sorted(Object.entries(kinds)),
    namespaced: sorted(namespacedKinds(document)),
  };
}

/**
 * The schema of a table. A field that the table leaves out counts as known: what it holds is replaced
 * as a whole, even if it looks like an object of its own.
 */
export function tableSchema({ types, kinds, namespaced }: MergeTable): DefinedSchema {
  const made = new Map<string, SchemaType>();

  function read(written: string): SchemaType {
    let type = made.get(written);
    if (type === undefined) {
      type = make(written);
      made.set(written, type);
    }
    return type;
  }

  function make(written: string): SchemaType {
    const [target = "", strategies, ...mergeKeys] = written.split(" ");
    const inner = target.slice(1, -1);
    if (target.startsWith("[")) {
      return {
        ...opaque,
        items: inner === "" ? opaque : read(inner),
        strategies: strategies?.split(",") ?? [],
        mergeKeys,
      };
    }
    if (target.startsWith("{")) return { ...opaque, field: () => read(inner) };
    const fields = types[target] ?? {};
    return {
      ...opaque,
      field: (name) => (Object.hasOwn(fields, name) ? read(fields[name] ?? "") : opaque),
    };
  }

  return {
    definition: (name) => (Object.hasOwn(types, shorten(name)) ? read(shorten(name)) : undefined),
    typeOf: (apiVersion, kind) => {
      const type = kinds[`${apiVersion} ${kind}`];
      return type === undefined ? undefined : read(type);
    },
    isClusterScoped: (apiVersion, kind) => {
      const isNamespaced = namespaced[`${apiVersion} ${kind}`];
      return isNamespaced === undefined ? undefined : !isNamespaced;
    },
  };
}

/** A schema that also knows types by the names of their definitions. */
export type DefinedSchema = Schema & {
  readonly definition: (name: string) => SchemaType | undefined;
};

/** A known type without anything to merge below. */
const opaque: SchemaType = {
  field: () => undefined,
  items: undefined,
  mergeKeys: [],
  strategies: [],
};

/** The names of the types below which some list is merged. */
function usefulTypes(definitions: Readonly<Record<string, Definition>>): ReadonlySet<string> {
  const useful = new Set<string>();
  for (let before = -1; before < useful.size; ) {
    before = useful.size;
    for (const [name, { properties = {} }] of Object.entries(definitions)) {
      if (Object.values(properties).some((property) => write(property, useful) !== undefined)) {
        useful.add(name);
      }
    }
  }
  return useful;
}

function write(property: Definition, useful: ReadonlySet<string>): string | undefined {
  const { $ref, type, items, additionalProperties: values } = property;
  if ($ref !== undefined) return useful.has(nameOf($ref)) ? shorten(nameOf($ref)) : undefined;
  if (typeof values === "object") {
    const written = write(values, useful);
    return written === undefined ? undefined : `{${written}}`;
  }
  if (type !== "array") return undefined;
  const item = items === undefined ? undefined : write(items, useful);
  const { strategies, mergeKeys } = mergeRules(property);
  if (!strategies.includes("merge")) return item === undefined ? undefined : `[${item}]`;
  return [`[${item ?? ""}]`, strategies.join(), ...mergeKeys].join(" ");
}

function shorten(name: string): string {
  return name.replace(/^io\.k8s\.(api\.|apimachinery\.pkg\.apis\.)?/, "");
}

function sorted<V>(entries: Iterable<readonly [string, V]>): Record<string, V> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
