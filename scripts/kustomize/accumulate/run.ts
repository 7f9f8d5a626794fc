import { pluginGenerators, pluginTransformers } from "../plugins/plugins.ts";
import { createCollection } from "../resource/collection.ts";
import type { Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { annotateOrigin, annotateTransformation } from "../transformers/build-metadata.ts";
import type { Accumulation } from "./accumulate.ts";
import { generate } from "./generate.ts";
import { kustomizationPath, noteSchemaUse, type Session, type Visit } from "./session.ts";
import { transformersOf } from "./transform.ts";

/** Adds what generators make: those of the kustomization's fields, then those that objects configure. */
export function runGenerators(
  visit: Visit,
  state: Accumulation,
  configs: readonly Resource[],
): Accumulation {
  const { kustomization, loader, session } = visit;
  const generated = [...generate(kustomization, loader), ...pluginGenerators(configs, loader)];
  if (generated.length === 0) return state;
  const here = kustomizationPath(visit);
  const collection = createCollection(state.resources, session.schemaState.schema);
  for (const { resource, configuredBy, configuredIn = here } of generated) {
    const source = { ...resource.source, configuredBy };
    const isTracked = here !== undefined && configuredIn !== undefined;
    collection.absorb(
      isTracked
        ? annotateOrigin({ ...resource, source: { ...source, path: configuredIn } })
        : { ...resource, source },
    );
  }
  return { ...state, resources: collection.resources() };
}

/** Transforms everything: by the kustomization's fields, then by what objects configure. */
export function runTransformers(
  visit: Visit,
  state: Accumulation,
  configs: readonly Resource[],
): Accumulation {
  const { kustomization, loader, session } = visit;
  const here = kustomizationPath(visit);
  const transformers = [
    ...transformersOf(kustomization, state.configurations, loader, here !== undefined),
    ...pluginTransformers(configs, "transformers", loader),
  ];
  let { resources } = state;
  const context = { schema: noticed(session) };
  for (const { transform, configuredBy, configuredIn = here } of transformers) {
    resources = transform(resources, context);
    if (here === undefined || configuredIn === undefined) continue;
    const step = { configuredIn, configuredBy };
    resources = resources.map((resource) => annotateTransformation(resource, step));
  }
  return { ...state, resources };
}

/** The schema, which notes when a strategic merge asks it for a type. */
function noticed({ schemaState: { schema }, trail }: Session): Schema {
  return {
    ...schema,
    typeOf(apiVersion, kind) {
      noteSchemaUse(trail, "merge");
      return schema.typeOf(apiVersion, kind);
    },
  };
}
