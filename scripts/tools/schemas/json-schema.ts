/** A JSON Schema of draft 4, as kubeconform reads it. */
export type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly $ref?: string;
  readonly [keyword: string]: unknown;
};

/** The schema of one kind in one version of its API group. */
export type KindSchema = {
  /** The empty string for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly schema: JsonSchema;
};

/** The path of a kind's schema in a folder of schemas: `apps/deployment_v1.json`. */
export function schemaFile(apiVersion: string, kind: string): string {
  const [group = "", version = group] = apiVersion.split("/");
  return `${group}/${kind.toLowerCase()}_${version}.json`;
}

/** A schema that also insists on the kind's own spelling: files are found by its lower case. */
export function identified(one: KindSchema): KindSchema {
  const { properties, ...schema } = one.schema;
  return {
    ...one,
    schema: {
      ...schema,
      properties: {
        ...properties,
        apiVersion: { type: "string", enum: [apiVersionOf(one)] },
        kind: { type: "string", enum: [one.kind] },
      },
    },
  };
}

/** `apps/v1`, or `v1` in the core group. */
export function apiVersionOf({ group, version }: Pick<KindSchema, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/**
 * The properties of an object, each but the required ones also accepting null: the API server drops
 * a null before it validates.
 */
export function propertiesOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): Record<string, JsonSchema> {
  return mapValues(properties, (schema, name) =>
    required.includes(name) ? schema : nullable(schema),
  );
}

/** A schema that accepts null beside what it accepted. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (type === undefined) return schema;
  return {
    ...schema,
    type: [...new Set([type].flat().concat("null"))],
    ...(values && { enum: [...new Set([...values, null])] }),
  };
}

/** An object with the same keys and each value replaced. */
export function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
