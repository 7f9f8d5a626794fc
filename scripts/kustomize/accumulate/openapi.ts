import { BuildError } from "../build-error.ts";
import { mappingOf, markOf, scalarOf } from "../kustomization/fields.ts";
import type { Loaded } from "../loader.ts";
import { kubernetesSchema, schemaFrom, schemaOfVersion } from "../schema/kubernetes.ts";
import type { Schema } from "../schema/schema.ts";
import { readConfiguration } from "../yaml/read.ts";
import { toValue } from "../yaml/value.ts";
import type { SchemaUse, Visit } from "./session.ts";

/**
 * Puts the schema that a kustomization names under `openapi` in force for what follows. As in
 * Kustomize, the first one of a build counts, and a document must exist even where it does not count.
 */
export function applyOpenApi({ kustomization, loader, session }: Visit): void {
  const openapi = mappingOf(kustomization.fields, "openapi");
  if (openapi === undefined) return;
  const path = openapi.entries.get("path");
  const loaded = path?.kind === "scalar" ? loader.load(path.text, markOf(path)) : undefined;
  if (session.schemaState.isSet) return;
  const version = scalarOf(openapi, "version");
  if (loaded !== undefined) {
    if (openapi.entries.has("version")) {
      throw new BuildError(
        '"openapi" has both "path" and "version": the document takes the place of the version, keep one of them',
        { mark: openapi.origin.mark },
      );
    }
    session.schemaState = { schema: schemaOf(loaded, session.trail.schemaUse), isSet: true };
  } else if (version !== undefined) {
    session.schemaState = { schema: builtin(version.text, markOf(version)), isSet: true };
  } else {
    session.schemaState = { schema: kubernetesSchema, isSet: false };
  }
}

function builtin(version: string, mark: ReturnType<typeof markOf>): Schema {
  try {
    return schemaOfVersion(version);
  } catch (error) {
    throw error instanceof BuildError ? new BuildError(error.message, { mark }) : error;
  }
}

/** One schema for each document, so that what is accumulated under it can be shared. */
function schemaOf(loaded: Loaded, use: SchemaUse): Schema {
  const known = schemas.get(loaded) ?? new Map<SchemaUse, Schema>();
  schemas.set(loaded, known);
  const schema = known.get(use) ?? readSchema(loaded, use);
  known.set(use, schema);
  return schema;
}

const schemas = new WeakMap<Loaded, Map<SchemaUse, Schema>>();

/**
 * Kustomize never empties its table of definitions: where the built-in ones were read before, they
 * stay, and where they were only asked for, they are read after and win.
 */
const builtinPlace = { none: "absent", kinds: "above", merge: "below" } as const;

function readSchema({ file, text }: Loaded, use: SchemaUse): Schema {
  try {
    const document = text && documentOf(text.text, () => readConfiguration(text, "resource"));
    return schemaFrom(document, builtinPlace[use]);
  } catch (error) {
    if (!(error instanceof BuildError) || error.place !== undefined) throw error;
    throw new BuildError(error.message, { file });
  }
}

/** Schemas are large and mostly JSON, which the runtime reads faster. */
function documentOf(text: string, read: () => ReturnType<typeof readConfiguration>): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const node = read();
    return node && toValue(node);
  }
}
