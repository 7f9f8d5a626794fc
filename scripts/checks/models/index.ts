import * as z from "zod";
import type { Path, Resource } from "../../fleet/resource.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import { findingAt } from "../argo/report.ts";
import type { Check } from "../check.ts";
import { readDeclarations } from "../declaration.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";

/** Says whether the models that pools load are ones that their registry has. */
export const modelsCheck: Check = {
  id: "models",
  description: "Every model of a TermitePool is in a declared registry, in the variant it asks for",
  run({ tree, renderings }) {
    const { declarations, findings } = readDeclarations(tree, "models.yaml", modelsFile, {
      rule: "models-list",
      help: "Write registry, source and models, each model with name, type and variants",
    });
    const lists = declarations.map(({ file, data }) => ({ file, models: data.models }));
    return {
      status: "ran",
      findings: [
        ...findings,
        ...(findings.length > 0
          ? []
          : renderings.flatMap(({ resources }) =>
              resources.flatMap((resource) => modelFindings(resource, lists)),
            )),
      ],
    };
  },
};

const modelsFile = z.strictObject({
  registry: z.url("must be the registry's address"),
  source: z.string("must say where the list was taken from, with a version").min(1),
  models: z.array(
    z.strictObject({
      name: z.string("must be the name in the registry, with its owner"),
      type: z.string("must be what the model is for"),
      variants: z.array(z.string(), "must list the variants").min(1),
      megabytes: z.number().optional(),
    }),
  ),
});

type ModelList = {
  readonly file: string;
  readonly models: z.infer<typeof modelsFile>["models"];
};

/** What a pool asks for and no list has. A model of Hugging Face, `hf:owner/model`, is in no list of ours. */
export function modelFindings(resource: Resource, lists: readonly ModelList[]): Finding[] {
  const { kind, apiVersion, spec } = resource.manifest;
  if (kind !== "TermitePool" || !apiVersion.startsWith("antfly.io/")) return [];
  const models = new Map(
    lists.flatMap(({ file, models }) => models.map((model) => [model.name, { file, ...model }])),
  );
  return list(valueAt(spec, ["models", "preload"])).flatMap((preload, index) => {
    const { name: written, variant: wanted } = mapping(preload);
    const [name, variant] = [text(written) ?? "", text(wanted) ?? "f32"];
    const path = (field: string): Path => ["spec", "models", "preload", index, field];
    if (name.startsWith("hf:")) return [];
    const model = models.get(name);
    if (model === undefined) return [unknownModel(resource, path("name"), name, lists)];
    if (model.variants.includes(variant)) return [];
    return [
      findingAt(resource, path(wanted === undefined ? "name" : "variant"), {
        rule: "model-variant-unknown",
        message: `The model "${name}" has no variant "${variant}", by "${model.file}"`,
        help: `Take one of ${model.variants.join(", ")}: of any other the server gets no file, and only its log says so`,
      }),
    ];
  });
}

function unknownModel(
  resource: Resource,
  path: Path,
  name: string,
  lists: readonly ModelList[],
): Finding {
  const names = lists.flatMap(({ models }) => models.map((model) => model.name));
  const withOwner = names.find((one) => one.endsWith(`/${name}`));
  const near = withOwner ?? nearest(name, names);
  const files = lists.map(({ file }) => `"${file}"`).join(", ") || 'a "models.yaml"';
  return findingAt(resource, path, {
    rule: "model-unknown",
    message: `No registry has the model "${name}"${near === undefined ? "" : `: did you mean "${near}"?`}`,
    help: `Name a model of ${files}, or add it there when the registry has it: the init container of a pool fails at a name that is unknown`,
  });
}
