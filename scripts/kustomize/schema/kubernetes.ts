import { BuildError } from "../build-error.ts";
import table from "./kubernetes.json" with { type: "json" };
import { tableSchema } from "./merge-table.ts";
import { type OpenApi, openApiSchema } from "./open-api.ts";
import type { Schema } from "./schema.ts";

/**
 * The version of Kubernetes whose types Kustomize v5.8.1 has built in. Newer types have more lists
 * with merge keys; by them a patch would come out different from what Kustomize makes of it.
 */
const kubernetesVersion = "v1.21.2";

const builtin = tableSchema(table);

/** The schema that counts where a kustomization names none under `openapi`. */
export const kubernetesSchema: Schema = builtin;

/**
 * The schema of a document under `openapi.path`. The built-in one is gone by it, unless Kustomize has
 * read that before (`below`) or does after (`above`): then the later of both wins for what both know.
 * Which of Kubernetes' own kinds have no namespace is known in any case.
 */
export function schemaFrom(
  document: unknown,
  place: "absent" | "above" | "below" = "absent",
): Schema {
  if (typeof document !== "object" || document === null) {
    throw new BuildError(
      'Cannot read the schema under "openapi": it is no mapping, and an OpenAPI document with "definitions" is expected',
    );
  }
  const { definition, typeOf } = builtin;
  const schema = openApiSchema(document as OpenApi, {
    ...(place === "above" && { above: definition }),
    ...(place !== "absent" && { below: definition }),
  });
  const known = {
    absent: [schema.typeOf],
    above: [typeOf, schema.typeOf],
    below: [schema.typeOf, typeOf],
  };
  return {
    typeOf: (apiVersion, kind) => {
      const [first, second] = known[place];
      return first?.(apiVersion, kind) ?? second?.(apiVersion, kind);
    },
    isClusterScoped: (apiVersion, kind) =>
      builtin.isClusterScoped(apiVersion, kind) ?? schema.isClusterScoped(apiVersion, kind),
  };
}

/** The schema of `openapi.version`. */
export function schemaOfVersion(version: string): Schema {
  if (version === "" || version === kubernetesVersion) return kubernetesSchema;
  throw new BuildError(
    `No schema of Kubernetes "${version}" is built in: set "openapi.version" to "${kubernetesVersion}", or name a document under "openapi.path"`,
  );
}
