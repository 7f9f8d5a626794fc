import { generateConfigMap } from "../generators/config-map.ts";
import type { GeneratorContext } from "../generators/context.ts";
import { generateSecret } from "../generators/secret.ts";
import { mappingOf, mappingsOf, markOf } from "../kustomization/fields.ts";
import type { Kustomization } from "../kustomization/read.ts";
import type { Loader } from "../loader.ts";
import type { Mapping } from "../node/node.ts";
import type { Configurer, Resource } from "../resource/resource.ts";

/** What a generator made, and which one it was. */
export type Generated = {
  readonly resource: Resource;
  readonly configuredBy: Configurer;
  /** The file that configures it as seen from the built directory, where it is not the kustomization. */
  readonly configuredIn?: string;
};

/** The objects that `configMapGenerator` and `secretGenerator` ask for, in Kustomize's order. */
export function generate(kustomization: Kustomization, loader: Loader): readonly Generated[] {
  const { fields, file } = kustomization;
  const options = mappingOf(fields, "generatorOptions");
  const run = (
    field: string,
    kind: string,
    make: (args: Mapping, context: GeneratorContext) => Resource,
  ) =>
    mappingsOf(fields, field).map((args): Generated => {
      const resource = make(args, { load: loader.load, options, by: markOf(args), file });
      return { configuredBy: { apiVersion: "builtin", kind }, resource };
    });
  return [
    ...run("configMapGenerator", "ConfigMapGenerator", generateConfigMap),
    ...run("secretGenerator", "SecretGenerator", generateSecret),
  ];
}
