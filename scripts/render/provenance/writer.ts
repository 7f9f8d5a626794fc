import type { Manifest, Path } from "../../fleet/resource.ts";
import type { YamlDocument } from "../../yaml/document.ts";
import type { Place } from "../../yaml/place.ts";

/** An object as it enters a target, and what may write to it on its way out, in that order. */
export type Birth = {
  readonly kind: string;
  readonly name: string;
  /** The manifest, or the kustomization whose generator makes it. */
  readonly file: string;
  readonly document?: YamlDocument;
  readonly writers: Writer[];
};

/** What is asked of a writer: did it set the value at this path? */
export type Subject = {
  readonly birth: Birth;
  readonly manifest: Manifest;
  readonly path: Path;
  /** The value in the end; undefined where the manifest has none. */
  readonly value: unknown;
};

/** The place where a writer sets a path: exactly the final value, or whatever it sets there. */
export type Writer = (subject: Subject, isExact: boolean) => Place | undefined;
