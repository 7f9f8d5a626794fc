import { BuildError } from "../build-error.ts";
import { textsOf } from "../kustomization/fields.ts";
import type { Loaded } from "../loader.ts";
import type { Mapping, Scalar } from "../node/node.ts";
import { type Mark, type Origin, placeOf, type SourceText } from "../node/origin.ts";
import { throughJson } from "../yaml/through-json.ts";
import type { GeneratorContext } from "./context.ts";
import { readEnvFile } from "./env-file.ts";

/** One key of a ConfigMap or Secret with its value as it is before any encoding. */
export type Pair = {
  readonly key: string;
  readonly content: Content;
  readonly origin: Origin;
};

/** Text, or bytes that are no UTF-8. */
export type Content = string | Uint8Array;

/** The pairs that a generator's `envs`, `literals` and `files` give, in this order as Kustomize has it. */
export function readPairs(args: Mapping, context: GeneratorContext): readonly Pair[] {
  const pairs = [
    ...textsOf(args, "envs").flatMap((entry) => envPairs(entry, context)),
    ...textsOf(args, "literals").map((entry) => literalPair(entry, context)),
    ...textsOf(args, "files").map((entry) => filePair(entry, context)),
  ];
  refuseRepeatedKeys(pairs);
  return pairs;
}

function envPairs(entry: Scalar, { load, by }: GeneratorContext): readonly Pair[] {
  const loaded = load(entry.text, entry.origin.mark ?? by);
  return readEnvFile(loaded).map(({ key, value, mark }) => ({
    key,
    content: value,
    origin: { operation: "generator", mark, by: entry.origin.mark ?? by },
  }));
}

/** `key=value`, where quotes around the whole value go. Kustomize hands arguments on as JSON. */
function literalPair(entry: Scalar, { by }: GeneratorContext): Pair {
  const text = throughJson(entry.text) ?? entry.text;
  const equals = text.indexOf("=");
  if (equals <= 0) {
    throw new BuildError(
      `Cannot read the literal "${entry.text}": it needs a key, "=" and a value, such as "level=info"`,
      { mark: entry.origin.mark },
    );
  }
  return {
    key: text.slice(0, equals),
    content: withoutQuotes(text.slice(equals + 1)),
    origin: { operation: "generator", mark: entry.origin.mark, by },
  };
}

/** `path`, whose last part becomes the key, or `key=path`. */
function filePair(entry: Scalar, { load, by }: GeneratorContext): Pair {
  const { key, path } = keyAndPath(entry);
  const mark = entry.origin.mark ?? by;
  const loaded = load(path, mark);
  return {
    key,
    content: decoded(loaded.bytes) ?? loaded.bytes,
    origin: { operation: "generator", mark: startOf(loaded), by: mark },
  };
}

function keyAndPath({ text, origin: { mark } }: Scalar): { key: string; path: string } {
  const parts = text.split("=");
  if (parts.length === 1) return { key: baseName(text), path: text };
  const [key = "", path = ""] = parts;
  if (parts.length > 2) {
    throw new BuildError(
      `Cannot read the file "${text}": there is more than one "=", and neither key nor path may have one`,
      { mark },
    );
  }
  if (key === "" || path === "") {
    const missing = key === "" ? "key before" : "path behind";
    throw new BuildError(
      `Cannot read the file "${text}": there is no ${missing} "="; write "key=path", or the path alone`,
      { mark },
    );
  }
  return { key, path };
}

/** As Go's `path.Base`. */
function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "." : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

function withoutQuotes(text: string): string {
  const isQuoted = text.length > 1 && /^["']/.test(text) && text.at(0) === text.at(-1);
  return isQuoted ? text.slice(1, -1) : text;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A whole file is the value, so its first character stands for it. */
function startOf({ file, text }: Loaded): Mark {
  return { source: text ?? binary(file), offset: 0 };
}

function binary(file: string): SourceText {
  return { file, text: "", placeAt: () => ({ file }) };
}

function refuseRepeatedKeys(pairs: readonly Pair[]): void {
  const first = new Map<string, Pair>();
  for (const pair of pairs) {
    const other = first.get(pair.key);
    if (other !== undefined) {
      throw new BuildError(
        `The key "${pair.key}" is given twice, by ${placeName(other)} and by ${placeName(pair)}: keep one of them`,
        { mark: pair.origin.mark },
      );
    }
    first.set(pair.key, pair);
  }
}

function placeName({ origin: { mark, by } }: Pair): string {
  const at = mark ?? by;
  if (at === undefined) return "the kustomization";
  const { file, line } = placeOf(at);
  return line === undefined ? `"${file}"` : `"${file}:${line}"`;
}
