import {
  identified,
  type JsonSchema,
  type KindSchema,
  mapValues,
  propertiesOf,
} from "./json-schema.ts";

/** What we read of Kubernetes' `api/openapi-spec/swagger.json`. */
export type Swagger = { readonly definitions: Readonly<Record<string, Definition>> };

type Definition = {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Definition;
  readonly items?: Definition;
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
};

/** The definition every object's `metadata` has. */
export const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/**
 * A strict schema for every kind of Kubernetes itself: no unknown field, and references written out,
 * so that whoever follows a path through the schema finds the fields which are known there.
 */
export function kubernetesSchemas(swagger: Swagger): KindSchema[] {
  const inline = inliner(swagger);
  return Object.entries(swagger.definitions).flatMap(([name, definition]) => {
    const kinds = definition["x-kubernetes-group-version-kind"] ?? [];
    const [only] = kinds;
    // DeleteOptions and WatchEvent belong to every group; a list is no object of a repository.
    if (only === undefined || kinds.length > 1 || isList(definition)) return [];
    return [identified({ ...only, schema: inline(name) })];
  });
}

/** Returns a function that writes one definition out as a schema that stands on its own. */
export function inliner({ definitions }: Swagger): (name: string) => JsonSchema {
  const finished = new Map<string, JsonSchema>();
  const recursive = new Set<string>();

  return function inline(name) {
    const schema = reference(name, []);
    const used = [...recursive].filter((other) => JSON.stringify(schema).includes(pointer(other)));
    if (used.length === 0) return schema;
    const parts = used.map((other) => [other, reference(other, [])] as const);
    return { ...schema, definitions: Object.fromEntries(parts) };
  };

  function reference(name: string, inside: readonly string[]): JsonSchema {
    const special = specials[name];
    if (special) return special;
    if (inside.includes(name)) {
      recursive.add(name);
      return { $ref: pointer(name) };
    }
    const known = finished.get(name);
    if (known) return known;
    const definition = definitions[name];
    if (definition === undefined) throw new RangeError(`Cannot resolve "${name}": not defined`);
    const schema = convert(definition, [...inside, name]);
    finished.set(name, schema);
    return schema;
  }

  function convert(definition: Definition, inside: readonly string[]): JsonSchema {
    const { $ref, type, properties, required = [], additionalProperties, items } = definition;
    if ($ref !== undefined) return reference($ref.replace("#/definitions/", ""), inside);
    const inner = (one: Definition) => convert(one, inside);
    return {
      ...(type !== undefined && { type }),
      ...(items && { items: inner(items) }),
      ...(properties && { properties: propertiesOf(mapValues(properties, inner), required) }),
      ...(required.length > 0 && { required }),
      ...(properties && { additionalProperties: false }),
      ...(additionalProperties && { additionalProperties: inner(additionalProperties) }),
    };
  }
}

// The published types say "string"; the API server also reads what people write.
const specials: Readonly<Record<string, JsonSchema>> = {
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: ["integer", "string"] },
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: ["string", "number"] },
};

function pointer(name: string): string {
  return `#/definitions/${name}`;
}

function isList({ properties = {} }: Definition): boolean {
  return properties.metadata?.$ref?.endsWith(".ListMeta") ?? false;
}
