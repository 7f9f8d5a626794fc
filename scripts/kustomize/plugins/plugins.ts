import type { Generated } from "../accumulate/generate.ts";
import { kustomizationPath, type Visit } from "../accumulate/session.ts";
import type { Transformer } from "../accumulate/transform.ts";
import { BuildError } from "../build-error.ts";
import { textsOf } from "../kustomization/fields.ts";
import type { Loader } from "../loader.ts";
import type { Scalar } from "../node/node.ts";
import { refuseSameIds } from "../resource/collection.ts";
import { parseObjects } from "../resource/parse.ts";
import {
  type Configurer,
  currentId,
  type Resource,
  type Transformation,
} from "../resource/resource.ts";
import { readDocuments } from "../yaml/read.ts";
import { innerText } from "../yaml/source-text.ts";
import { builtinGenerators, builtinTransformers } from "./builtin.ts";

/** A field whose entries configure plugins. */
export type PluginField = "generators" | "transformers" | "validators";

/**
 * The objects that configure the plugins of a field: those that are written inline, then those of the
 * files and directories, which `accumulate` gathers as it does for `resources`.
 */
export function readPluginConfigs(
  visit: Visit,
  field: PluginField,
  accumulate: (entries: readonly Scalar[]) => readonly Resource[],
): readonly Resource[] {
  const inline: Resource[] = [];
  const paths: Scalar[] = [];
  for (const entry of textsOf(visit.kustomization.fields, field)) {
    const objects = readInline(visit, entry);
    if (objects === undefined) paths.push(entry);
    else inline.push(...objects);
  }
  const all = paths.length === 0 ? inline : [...inline, ...accumulate(paths)];
  refuseSameIds(all, visit.session.schemaState.schema);
  return all;
}

/** What the generators that objects configure make. */
export function pluginGenerators(
  configs: readonly Resource[],
  loader: Loader,
): readonly Generated[] {
  return configs.map((config) => {
    const kind = builtinKind(config);
    const make = builtinGenerators[kind];
    if (make === undefined) throw notA("generator", "generators", config);
    return {
      ...transformationOf(config),
      resource: make(config.object, loader, config.source.file),
    };
  });
}

/** The transformers that objects configure. */
export function pluginTransformers(
  configs: readonly Resource[],
  field: "transformers" | "validators",
  loader: Loader,
): readonly Transformer[] {
  return configs.map((config) => {
    const kind = builtinKind(config);
    const make = builtinTransformers[kind];
    if (make === undefined) throw notA("transformer", field, config);
    return { ...transformationOf(config), transform: make(config.object, loader) };
  });
}

function readInline(visit: Visit, entry: Scalar): readonly Resource[] | undefined {
  const { kustomization } = visit;
  const isText = entry.text.includes("\n");
  let objects: ReturnType<typeof parseObjects>;
  try {
    objects = parseObjects(readDocuments(innerText(entry), "resource", entry.origin.mark));
  } catch (error) {
    // Kustomize takes what it cannot read for a path; no path has several lines.
    if (isText || !(error instanceof BuildError)) throw error;
    return undefined;
  }
  const path = kustomizationPath(visit);
  const source = {
    file: kustomization.file,
    mark: entry.origin.mark,
    ...(path !== undefined && { path }),
  };
  return objects.map((object) => ({ object, previous: [], prefixes: [], suffixes: [], source }));
}

function builtinKind(config: Resource): string {
  const { group, version, kind, name } = currentId(config);
  const { object, source } = config;
  const mark = object.origin.mark ?? source.mark;
  if (group !== "" || version !== "builtin") {
    throw new BuildError(
      `Cannot run the plugin ${kind} "${name}" (${group === "" ? version : `${group}/${version}`}): only plugins of "apiVersion: builtin" are supported, not programs, functions and containers`,
      { mark, file: source.file },
    );
  }
  if (kind === "HelmChartInflationGenerator") {
    throw new BuildError(
      `"${kind}" is not supported: render the chart once, keep its manifests in the repository and name them under "resources"`,
      { mark, file: source.file },
    );
  }
  return kind;
}

function notA(role: string, field: string, config: Resource): BuildError {
  const { object, source } = config;
  const { kind, name } = currentId(config);
  const known = Object.keys(role === "generator" ? builtinGenerators : builtinTransformers);
  return new BuildError(
    `Cannot run ${kind} "${name}" of "${field}": it is no builtin ${role}; those are ${known.join(", ")}`,
    { mark: object.origin.mark ?? source.mark, file: source.file },
  );
}

function transformationOf(config: Resource): Transformation {
  const { group, version, kind, name, namespace } = currentId(config);
  const configuredBy: Configurer = {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    ...(name !== "" && { name }),
    ...(namespace !== "" && { namespace }),
  };
  return { configuredIn: config.source.path ?? "", configuredBy };
}
