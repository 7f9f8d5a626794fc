import { BuildError } from "../build-error.ts";
import { mappingOf, scalarOf } from "../kustomization/fields.ts";
import { type Mapping, mapping, type Node, type Scalar, scalar } from "../node/node.ts";
import type { Mark, Origin } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import type { GeneratorContext } from "./context.ts";
import { type GeneratorOptions, generatorOptions } from "./options.ts";

/** The parts of a generated object besides its metadata. */
export type Fields = readonly (readonly [string, Node])[];

/** The resource of a ConfigMap or Secret generator. */
export function generatedObject(
  kind: "ConfigMap" | "Secret",
  args: Mapping,
  context: GeneratorContext,
  fields: Fields,
): Resource {
  const { by, file } = context;
  const origin: Origin = { operation: "generator", by };
  const options = generatorOptions(args, context.options);
  const object = mapping(
    [
      ["apiVersion", scalar("v1", origin)],
      ["kind", scalar(kind, origin)],
      ["metadata", metadata(kind, args, options, by)],
      ...fields,
      ...(options.immutable ? [["immutable", immutable(options.immutable, by)] as const] : []),
    ],
    origin,
  );
  return {
    object,
    previous: [],
    prefixes: [],
    suffixes: [],
    generated: { behavior: behaviorOf(args), needsHash: !options.disableNameSuffixHash },
    source: {
      file,
      configuredBy: { apiVersion: "builtin", kind: `${kind}Generator` },
      mark: by,
    },
  };
}

/** A value that is written where the generator says so. */
export function written(value: Scalar, by: Mark): Scalar {
  return { ...value, origin: { operation: "generator", mark: value.origin.mark, by } };
}

function metadata(kind: string, args: Mapping, options: GeneratorOptions, by: Mark): Mapping {
  // A generator in a file may name its object by its own metadata.
  const config = mappingOf(args, "metadata") ?? args;
  const name = scalarOf(args, "name") ?? scalarOf(config, "name");
  const namespace = scalarOf(args, "namespace") ?? scalarOf(config, "namespace");
  if (name === undefined) {
    throw new BuildError(`A generator of a ${kind} has no name: add "name"`, { mark: by });
  }
  return mapping(
    [
      ["name", written(name, by)],
      ...(namespace ? [["namespace", written(namespace, by)] as const] : []),
      ...pairs("labels", options.labels, by),
      ...pairs("annotations", options.annotations, by),
    ],
    { operation: "generator", by },
  );
}

/** However true is written. */
function immutable(value: Scalar, by: Mark): Scalar {
  return { ...written(value, by), text: "true", type: "boolean" };
}

function pairs(name: string, values: ReadonlyMap<string, Scalar>, by: Mark): Fields {
  if (values.size === 0) return [];
  const entries = [...values].map(([key, value]) => [key, written(value, by)] as const);
  return [[name, mapping(entries, { operation: "generator", by })]];
}

/** Kustomize takes any other word as if nothing were written. */
function behaviorOf(args: Mapping): "create" | "merge" | "replace" | undefined {
  const text = scalarOf(args, "behavior")?.text;
  return text === "create" || text === "merge" || text === "replace" ? text : undefined;
}
