import type { Manifest, Path, Resource } from "../fleet/resource.ts";
import { join } from "../tree/tree.ts";
import type { Place } from "../yaml/place.ts";
import { isMapping, valueAt } from "../yaml/value.ts";
import { readHistory } from "./provenance/history.ts";
import type { Birth } from "./provenance/writer.ts";
import type { Sources } from "./sources.ts";

/** Kustomize's own record of where an object comes from: a file, or the generator that made it. */
export type Origin = {
  readonly path?: string;
  readonly configuredIn?: string;
};

/** Tells for the objects of one target where their values were set. The sources are read when first asked. */
export function provenance(
  sources: Sources,
  directory: string,
): (manifest: Manifest, origin: Origin) => Resource["placeOf"] {
  let history: readonly Birth[] | undefined;
  return (manifest, origin) => {
    let birth: Birth | undefined;
    return (path) => {
      history ??= readHistory(sources, directory);
      birth ??= findBirth(history, manifest, origin);
      return birth === undefined
        ? { file: sources.kustomization(directory)?.file ?? directory }
        : placeOf(birth, manifest, path);
    };
  };
}

/** The object as it was before anything changed it: its name may have gained a prefix or a hash. */
function findBirth(
  history: readonly Birth[],
  { kind, metadata }: Manifest,
  origin: Origin,
): Birth | undefined {
  const file = join(origin.path ?? origin.configuredIn ?? "").replace(/^(\.\.\/)+/, "");
  const sameKind = history.filter((birth) => birth.kind === kind);
  const sameFile = sameKind.filter((birth) => birth.file === file);
  const candidates = sameFile.length > 0 ? sameFile : sameKind;
  return (
    candidates.find(({ name }) => name === metadata.name) ??
    candidates
      .filter(({ name }) => metadata.name.includes(name))
      .sort((a, b) => b.name.length - a.name.length)[0] ??
    sameFile[0]
  );
}

/** The last writer of exactly this value; else of the path; else the same for what encloses it. */
function placeOf(birth: Birth, manifest: Manifest, path: Path): Place {
  const latestFirst = birth.writers.toReversed();
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length);
    const value = valueAt(manifest, part);
    const subject = { birth, manifest, path: part, value };
    // A mapping that several files fill belongs where it began; a scalar to who wrote it last.
    const isScalar = value !== undefined && !isMapping(value) && !Array.isArray(value);
    for (const isExact of value === undefined ? [false] : [true, false]) {
      for (const write of isExact || isScalar ? latestFirst : birth.writers) {
        const place = write(subject, isExact);
        if (place !== undefined) return place;
      }
    }
  }
  return { file: birth.file };
}
