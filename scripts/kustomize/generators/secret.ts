import { scalarOf } from "../kustomization/fields.ts";
import { type Mapping, mapping, scalar } from "../node/node.ts";
import type { Origin } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { base64 } from "./base64.ts";
import type { GeneratorContext } from "./context.ts";
import { generatedObject, written } from "./generated-object.ts";
import { readPairs } from "./sources.ts";

/**
 * The Secret of an entry of `secretGenerator`, or of a SecretGenerator in a file. All values are
 * encoded, and unlike a ConfigMap it has `data` even where there is none.
 */
export function generateSecret(args: Mapping, context: GeneratorContext): Resource {
  const origin: Origin = { operation: "generator", by: context.by };
  const type = scalarOf(args, "type");
  const data = readPairs(args, context).map(
    (pair) => [pair.key, scalar(base64(pair.content), pair.origin)] as const,
  );
  return generatedObject("Secret", args, context, [
    ["type", type ? written(type, context.by) : scalar("Opaque", origin)],
    ["data", mapping(data, origin)],
  ]);
}
