import {
  asText,
  type Mapping,
  mapping,
  type Node,
  nodeAt,
  scalar,
  withEntry,
  withoutEntry,
} from "../node/node.ts";
import type { Mark, Origin } from "../node/origin.ts";
import type { Resource, Transformation } from "../resource/resource.ts";
import { printScalar } from "../yaml/print-scalar.ts";
import { setPairs } from "./pairs.ts";

const ORIGIN = "config.kubernetes.io/origin";
const TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations";

export type BuildMetadata = {
  /** `buildMetadata: [originAnnotations]`: which file or generator each object is from. */
  readonly originAnnotations: boolean;
  /** `buildMetadata: [transformerAnnotations]`: which transformers worked on it. */
  readonly transformerAnnotations: boolean;
  readonly by?: Mark | undefined;
};

/**
 * The object with the annotation that says where it is from. Like Kustomize we keep it in the object
 * while it is built, where a patch may take it away.
 */
export function annotateOrigin(resource: Resource): Resource {
  const { path = "", configuredBy } = resource.source;
  return withAnnotation(
    resource,
    ORIGIN,
    configuredBy ? configured({ configuredIn: path, configuredBy }) : [`path: ${plain(path)}`],
  );
}

/** Adds who changed an object; whoever changes one that is from nowhere is taken for its origin. */
export function annotateTransformation(resource: Resource, step: Transformation): Resource {
  const known = annotationsOf(resource.object)?.entries;
  if (known?.has(ORIGIN) !== true) return withAnnotation(resource, ORIGIN, configured(step));
  const before = known.get(TRANSFORMATIONS);
  const text = before?.kind === "scalar" ? before.text.trimEnd().split("\n") : [];
  const added = configured(step).map((line, index) => (index === 0 ? "- " : "  ") + line);
  return withAnnotation(resource, TRANSFORMATIONS, [...text, ...added]);
}

/** The generated object, merged into one that was there, is from where that one is from. */
export function withOriginOf(resource: Resource, present: Resource): Resource {
  const origin = annotationsOf(present.object)?.entries.get(ORIGIN);
  const own = annotationsOf(resource.object);
  if (origin === undefined || own === undefined) return resource;
  return withAnnotations(resource, withEntry(own, ORIGIN, origin));
}

/**
 * The annotations of every object as a build leaves them, with or without those of `buildMetadata`.
 * Kustomize rewrites them on this occasion whatever was asked for: each value becomes a string, one
 * that holds more than a single value an empty one, and where none is left the field goes. What a
 * source says under the keys that Kustomize keeps its books under goes too.
 */
export function finishAnnotations(
  resources: readonly Resource[],
  metadata: BuildMetadata,
): readonly Resource[] {
  return resources.map((resource) => finish(resource, metadata));
}

/** `buildMetadata: [managedByLabel]` and `--enable-managedby-label`. */
export function addManagedByLabel(resources: readonly Resource[], by?: Mark): readonly Resource[] {
  const origin = stepOf(by);
  const value = scalar("kustomize-v5.8.1", origin);
  const pairs = mapping([["app.kubernetes.io/managed-by", value]], origin);
  return setPairs(resources, pairs, [{ path: "metadata/labels", create: true }], origin);
}

function finish(resource: Resource, metadata: BuildMetadata): Resource {
  const { object } = resource;
  const owner = object.entries.get("metadata");
  if (owner === undefined) {
    return { ...resource, object: withEntry(object, "metadata", mapping([], object.origin)) };
  }
  const old = nodeAt(owner, ["annotations"]);
  if (old === undefined) return resource;
  const entries = new Map<string, Node>();
  let isSame = true;
  for (const [key, value] of old.kind === "mapping" ? old.entries : []) {
    const text = finished(key, value, metadata);
    if (text !== value) isSame = false;
    if (text !== undefined) entries.set(key, text);
  }
  if (isSame && entries.size > 0) return resource;
  return withAnnotations(resource, entries.size === 0 ? undefined : mapping(entries, old.origin));
}

function finished(key: string, value: Node, metadata: BuildMetadata): Node | undefined {
  const { originAnnotations, transformerAnnotations, by } = metadata;
  if (books.has(key)) return undefined;
  if (key === ORIGIN && !originAnnotations) return undefined;
  if (key === TRANSFORMATIONS && !transformerAnnotations) return undefined;
  const text = asText(value);
  const isOurs =
    (key === ORIGIN || key === TRANSFORMATIONS) && text.origin.operation === "build metadata";
  return isOurs ? { ...text, origin: stepOf(by) } : text;
}

/** What Kustomize keeps in annotations while it builds. */
const books = new Set([
  "config.kubernetes.io/path",
  "config.kubernetes.io/index",
  "config.k8s.io/id",
  ...[
    "previousKinds",
    "previousNames",
    "previousNamespaces",
    "prefixes",
    "suffixes",
    "refBy",
    "generatorBehavior",
    "needsHashSuffix",
    "allowNameChange",
    "allowKindChange",
    "path",
    "index",
    "id",
    "seqindent",
    "annotations-migration-resource-id",
    "helm-generated",
  ].map((name) => `internal.config.kubernetes.io/${name}`),
]);

function stepOf(by: Mark | undefined): Origin {
  return { operation: "build metadata", mark: by, by };
}

function annotationsOf(object: Mapping): Mapping | undefined {
  const annotations = nodeAt(object, ["metadata", "annotations"]);
  return annotations?.kind === "mapping" ? annotations : undefined;
}

function withAnnotation(resource: Resource, key: string, lines: readonly string[]): Resource {
  const text = scalar(lines.map((line) => `${line}\n`).join(""), stepOf(undefined));
  const known = annotationsOf(resource.object);
  const entries = [...(known?.entries ?? [])].map(
    ([name, value]) => [name, ownText(value)] as const,
  );
  const origin = known?.origin ?? stepOf(undefined);
  return withAnnotations(resource, mapping(new Map(entries).set(key, text), origin));
}

function withAnnotations(resource: Resource, annotations: Mapping | undefined): Resource {
  const { object } = resource;
  const metadata = nodeAt(object, ["metadata"]);
  const owner = metadata?.kind === "mapping" ? metadata : mapping([], object.origin);
  const changed = annotations
    ? withEntry(owner, "annotations", annotations)
    : withoutEntry(owner, "annotations");
  return { ...resource, object: withEntry(object, "metadata", changed) };
}

/** A text that shares nothing with the annotations of templates any more. */
function ownText(value: Node): Node {
  const { shared, ...text } = asText(value);
  return shared ? text : asText(value);
}

function configured({ configuredIn, configuredBy }: Transformation): string[] {
  return [
    `configuredIn: ${plain(configuredIn)}`,
    "configuredBy:",
    ...Object.entries(configuredBy).map(([field, value]) => `  ${field}: ${plain(value)}`),
  ];
}

/** A path or a name as YAML has it. */
function plain(text: string): string {
  return printScalar(scalar(text, stepOf(undefined)), 0, 0).trim();
}
