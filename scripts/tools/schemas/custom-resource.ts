import {
  identified,
  type JsonSchema,
  type KindSchema,
  mapValues,
  nullable,
  propertiesOf,
} from "./json-schema.ts";

/** What we read of a CustomResourceDefinition. */
export type CustomResourceDefinition = {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema?: { readonly openAPIV3Schema?: JsonSchema };
    }[];
  };
};

/**
 * A strict schema for every served version of a CustomResourceDefinition: what the API server would
 * drop or refuse as an unknown field is refused, its rules in CEL are left to the API server.
 */
export function customResourceSchemas(
  { spec }: CustomResourceDefinition,
  metadata: JsonSchema,
): KindSchema[] {
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name, schema }) =>
      identified({
        group: spec.group,
        version: name,
        kind: spec.names.kind,
        schema: object(schema?.openAPIV3Schema ?? { type: "object", [preserve]: true }, metadata),
      }),
    );
}

/** A whole object: `apiVersion`, `kind` and `metadata` are the API server's, whatever the CRD says. */
function object(schema: JsonSchema, metadata: JsonSchema): JsonSchema {
  const converted = structural(schema, metadata);
  return {
    ...converted,
    properties: {
      ...converted.properties,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata,
    },
  };
}

/** A node of a structural schema: a place where the API server knows which fields there are. */
function structural(schema: JsonSchema | null, metadata: JsonSchema): JsonSchema {
  // A CRD of the fleet's own may be half written; what is wrong with it is found elsewhere.
  if (schema === null) return {};
  const { properties, additionalProperties, items, required = [], nullable: isNullable } = schema;
  const inner = (one: JsonSchema) =>
    one?.["x-kubernetes-embedded-resource"] === true
      ? object(one, metadata)
      : structural(one, metadata);
  // Defaults are filled in before anything is validated.
  const missing = required.filter((name) => properties?.[name]?.default === undefined);
  const fields = schema.type === "object" || properties !== undefined;
  const converted: JsonSchema = {
    ...validations(schema),
    ...(schema[intOrString] === true && { type: ["integer", "string"] }),
    ...(items && { items: inner(items) }),
    ...(missing.length > 0 && { required: missing }),
    ...(properties && { properties: propertiesOf(mapValues(properties, inner), missing) }),
    ...(fields && { additionalProperties: schema[preserve] === true }),
    ...(typeof additionalProperties === "object" && {
      additionalProperties: inner(additionalProperties),
    }),
    ...(additionalProperties === true && { additionalProperties }),
  };
  return isNullable === true ? nullable(converted) : converted;
}

/** A branch of `anyOf` and its like: it adds conditions to fields declared elsewhere. */
function condition(schema: JsonSchema): JsonSchema {
  const { properties, additionalProperties, items, required } = schema;
  return {
    ...validations(schema),
    ...(items && { items: condition(items) }),
    ...(required && { required }),
    ...(properties && { properties: mapValues(properties, condition) }),
    ...(typeof additionalProperties === "object" && {
      additionalProperties: condition(additionalProperties),
    }),
  };
}

function validations(schema: JsonSchema): JsonSchema {
  const converted: Record<string, unknown> = {};
  for (const keyword of keywords) {
    if (schema[keyword] !== undefined) converted[keyword] = schema[keyword];
  }
  for (const junctor of ["allOf", "anyOf", "oneOf"]) {
    // Controller-gen spells int-or-string out as an anyOf; the type already says it.
    if (!Array.isArray(schema[junctor]) || schema[intOrString] === true) continue;
    converted[junctor] = schema[junctor].map(condition);
  }
  if (schema.not) converted.not = condition(schema.not as JsonSchema);
  return converted;
}

const preserve = "x-kubernetes-preserve-unknown-fields";
const intOrString = "x-kubernetes-int-or-string";

// Not `format`: JSON Schema's formats and the API server's differ in detail.
const keywords = [
  "type",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
];
