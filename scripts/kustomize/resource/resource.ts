import type { BuildError } from "../build-error.ts";
import { type Mapping, type Scalar, textAt } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";

/**
 * An object on its way through a build, with what kustomize keeps about it in internal annotations.
 * Resources never change: a transformer returns new ones.
 */
export type Resource = {
  readonly object: Mapping;
  /** Names that the object had before a prefix, a suffix, a namespace or a patch changed it, oldest first. */
  readonly previous: readonly PreviousName[];
  /** Prefixes and suffixes in the order in which they were added. */
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** What a generator says of its object; undefined for one that was read. */
  readonly generated?: {
    readonly behavior: "create" | "merge" | "replace" | undefined;
    readonly needsHash: boolean;
  };
  /** Where it is from, for `buildMetadata: [originAnnotations]` and for messages. */
  readonly source: {
    /** The file it was read from, or the kustomization whose generator made it. */
    readonly file: string;
    /** That file as seen from the directory that is built; only where `buildMetadata` asks for it. */
    readonly path?: string;
    /** The generator, as `builtin ConfigMapGenerator`; undefined for an object that was read. */
    readonly configuredBy?: Configurer;
    /** The place of its entry under `resources`, or of its generator. */
    readonly mark?: Mark | undefined;
  };
  /** Values that cannot stand where they are, each with why: an error unless something replaces them. */
  readonly misfits?: ReadonlyMap<Scalar, BuildError>;
  /** Names of `vars` that point at this object. */
  readonly vars?: readonly string[];
};

type PreviousName = {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
};

/** Who changed objects, for `buildMetadata: [transformerAnnotations]`. */
export type Transformation = {
  readonly configuredIn: string;
  readonly configuredBy: Configurer;
};

/** A generator or transformer: a field of a kustomization by its builtin kind, or an object of a file. */
export type Configurer = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
};

/** Group, version, kind, namespace and name. An absent namespace is the empty string. */
export type ResourceId = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

/** The id that an object has now. It is asked for more often than anything else, and an object never changes. */
export function currentId({ object }: Pick<Resource, "object">): ResourceId {
  const known = ids.get(object) ?? readId(object);
  ids.set(object, known);
  return known;
}

const ids = new WeakMap<Mapping, ResourceId>();

function readId(object: Mapping): ResourceId {
  const apiVersion = textAt(object, ["apiVersion"]) ?? "";
  const slash = apiVersion.indexOf("/");
  return {
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: textAt(object, ["kind"]) ?? "",
    namespace: textAt(object, ["metadata", "namespace"]) ?? "",
    name: textAt(object, ["metadata", "name"]) ?? "",
  };
}

/** The id that an object had when it was read or generated. */
export function originalId(resource: Resource): ResourceId {
  const [first] = resource.previous;
  return first === undefined ? currentId(resource) : { ...currentId(resource), ...first };
}
