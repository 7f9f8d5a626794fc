import type { Place } from "../../yaml/place.ts";
import type { Node } from "./node.ts";

/**
 * A text that values were read from: a file, or the block of one that holds a patch. Offsets into
 * it become places of the file.
 */
export type SourceText = {
  readonly file: string;
  readonly text: string;
  /** File, line and column, from 1, of an offset in UTF-16 units. */
  readonly placeAt: (offset: number) => Place;
};

/** A spot in a source; turned into a place only when somebody asks. */
export type Mark = { readonly source: SourceText; readonly offset: number };

/** What can set a value, in Kustomize's words: the field of the kustomization that does it. */
export type Operation =
  | "resource"
  | "strategic merge patch"
  | "JSON patch"
  | "namespace"
  | "namePrefix"
  | "nameSuffix"
  | "labels"
  | "annotations"
  | "replicas"
  | "images"
  | "replacement"
  | "generator"
  | "name hash"
  | "name reference"
  | "var"
  | "build metadata";

/**
 * How a value came to be. The newest step is the value's own; `before` leads back to the oldest.
 * A step that `keeps` edited a part of what was there (a tag, a prefix), so the step before it still
 * counts; any other step put something new in its place, and what came before is history.
 */
export type Origin = {
  readonly operation: Operation;
  /** Where the value is written; undefined for one that is computed only, such as a hash. */
  readonly mark?: Mark | undefined;
  /** The entry of the kustomization that did it; undefined for what is read as a resource. */
  readonly by?: Mark | undefined;
  readonly before?: Origin | undefined;
  readonly keeps?: boolean;
  /** The values it was made from: a replacement's source, a referenced name, what a hash is of. */
  readonly from?: readonly Node[];
};

/** The place of a mark. */
export function placeOf({ source, offset }: Mark): Place {
  return source.placeAt(offset);
}

/** Every step of a value that still counts, newest first, sources of its parts included. */
export function* liveSteps(origin: Origin): Generator<Origin> {
  for (let step: Origin | undefined = origin; step; step = step.keeps ? step.before : undefined) {
    yield step;
  }
}

/** Every step of a value, newest first, those included that something later replaced. */
export function* allSteps(origin: Origin): Generator<Origin> {
  for (let step: Origin | undefined = origin; step; step = step.before) yield step;
}
