import type { Place } from "../../yaml/place.ts";

/** A place in a sentence: `base/app/queue.yaml:8`. */
export function at({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** What was probably meant and where it stands, at the end of a sentence; nothing where nobody knows. */
export function didYouMean(name: string | undefined, place?: Place): string {
  if (name === undefined) return "";
  return `: did you mean "${name}"${place === undefined ? "" : ` (${at(place)})`}?`;
}
