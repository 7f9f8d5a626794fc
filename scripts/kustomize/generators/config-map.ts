import { BuildError } from "../build-error.ts";
import { type Mapping, mapping, type Scalar, scalar } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import { base64 } from "./base64.ts";
import type { GeneratorContext } from "./context.ts";
import { type Fields, generatedObject } from "./generated-object.ts";
import { type Pair, readPairs } from "./sources.ts";

/**
 * The ConfigMap of an entry of `configMapGenerator`, or of a ConfigMapGenerator in a file, whose
 * `metadata` gives name and namespace where the arguments do not. Bytes that are no UTF-8 become
 * `binaryData`; a map without pairs is left out.
 */
export function generateConfigMap(args: Mapping, context: GeneratorContext): Resource {
  const texts: [string, Scalar][] = [];
  const binaries: [string, Scalar][] = [];
  for (const pair of readPairs(args, context)) {
    if (typeof pair.content === "string") texts.push([pair.key, value(pair, pair.content)]);
    else binaries.push([pair.key, value(pair, base64(pair.content))]);
  }
  return generatedObject("ConfigMap", args, context, [
    ...data("data", texts, context),
    ...data("binaryData", binaries, context),
  ]);
}

function value(pair: Pair, text: string): Scalar {
  if (beginsWithTab(text)) throw unreadable(pair);
  return scalar(text, pair.origin);
}

/** Kustomize writes a text of several lines as a block and cannot read one that begins with a tab. */
function beginsWithTab(text: string): boolean {
  return text.startsWith("\t") && text.includes("\n") && !unfitForBlock.test(text);
}

/** What makes Kustomize take quotes: a blank before a break or at the end, and unprintable characters. */
const unfitForBlock = / [\n\u2028\u2029]| $|[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]|\ufeff/;

function unreadable({ key, origin }: Pair): BuildError {
  return new BuildError(
    `Cannot generate "${key}": the text begins with a tab, which Kustomize cannot read back; begin it with another character, such as an empty line`,
    { mark: origin.mark ?? origin.by },
  );
}

function data(name: string, entries: [string, Scalar][], { by }: GeneratorContext): Fields {
  if (entries.length === 0) return [];
  return [[name, mapping(entries, { operation: "generator", by })]];
}
