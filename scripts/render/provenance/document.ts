import type { Path } from "../../fleet/resource.ts";
import type { YamlDocument } from "../../yaml/document.ts";
import { isMapping, isSame, list, valueAt } from "../../yaml/value.ts";
import type { Writer } from "./writer.ts";

/** Writes what a document says: a manifest, or a strategic-merge patch. */
export function documentWriter(document: YamlDocument): Writer {
  return ({ manifest, path, value }, isExact) => {
    const own = samePath(document.value, manifest, path);
    if (own === undefined) return undefined;
    const written = valueAt(document.value, own);
    if (isExact && !isWritten(written, value)) return undefined;
    // A mapping or list is found by its name; its first line is only one of its values.
    return isScalar(written) ? document.placeOf(own) : document.keyPlaceOf(own);
  };
}

/** Whether a source's value is the rendered one: kustomize reads `0644` as 420 and quotes what is text. */
export function isWritten(source: unknown, rendered: unknown): boolean {
  if (isSame(source, rendered)) return true;
  return isScalar(source) && isScalar(rendered) && String(source) === String(rendered);
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** The path in a source that became the path in the rendered object: items of lists may have moved. */
function samePath(source: unknown, rendered: unknown, path: Path): Path | undefined {
  const result: (string | number)[] = [];
  let [from, to] = [source, rendered];
  for (const part of path) {
    let own: string | number | undefined = part;
    if (typeof part === "number") own = sameItem(list(from), list(to), part);
    else if (!isMapping(from) || !Object.hasOwn(from, part)) own = undefined;
    if (own === undefined) return undefined;
    result.push(own);
    from = valueAt(from, [own]);
    to = valueAt(to, [part]);
  }
  return result;
}

/** What tells the items of Kubernetes' lists apart. */
export const identifying = [
  "name",
  "mountPath",
  "devicePath",
  "containerPort",
  "port",
  "topologyKey",
  "key",
  "kind",
  "type",
  "ip",
  "alert",
];

/** The item of the source that became the rendered one: the same key, and the most in common. */
function sameItem(
  source: readonly unknown[],
  rendered: readonly unknown[],
  index: number,
): number | undefined {
  const item = rendered[index];
  if (!isMapping(item)) {
    const equal = source.findIndex((own) => isWritten(own, item));
    if (equal >= 0) return equal;
    return source.length === rendered.length && index < source.length ? index : undefined;
  }
  const keyed = identifying.filter((key) => Object.hasOwn(item, key));
  const candidates = source
    .map((own, at) => ({ own, at }))
    .filter(
      ({ own }) =>
        keyed.length === 0 || keyed.some((key) => isSame(valueAt(own, [key]), item[key])),
    );
  let best: number | undefined;
  let most = keyed.length === 0 ? 0 : -1;
  for (const { own, at } of candidates) {
    const score = inCommon(own, item);
    if (score > most) [best, most] = [at, score];
  }
  return best;
}

/** How many scalars two values share at the same paths. */
function inCommon(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.reduce<number>((sum, item, at) => sum + inCommon(item, b[at]), 0);
  }
  if (isMapping(a) && isMapping(b)) {
    return Object.keys(a).reduce((sum, key) => sum + inCommon(a[key], b[key]), 0);
  }
  return a !== undefined && a === b ? 1 : 0;
}
