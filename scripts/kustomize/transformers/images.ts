import { BuildError } from "../build-error.ts";
import type { FieldSpec } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import {
  type Mapping,
  mapEntries,
  mapItems,
  type Node,
  type Scalar,
  textAt,
} from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import { fieldEditor } from "./field-spec-edit.ts";
import { goRegExp } from "./go-regexp.ts";
import { setScalar, writtenOver } from "./set-scalar.ts";

export type ImagesConfig = {
  /** An entry of `images`: name, newName, newTag, digest, tagSuffix. */
  readonly imageTag: Mapping;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly by?: Mark | undefined;
};

/**
 * An entry of `images`: first every `image` of an item of anything called containers or
 * initContainers, then the fields that the specs name. A container that both find is changed twice,
 * which shows with a tagSuffix, as it does in Kustomize.
 */
export function setImages(
  resources: readonly Resource[],
  { imageTag, fieldSpecs, by }: ImagesConfig,
  _context: Context,
): readonly Resource[] {
  const update = imageUpdate(imageTag, by);
  const setNamed = fieldEditor(fieldSpecs, { edit: update, by });
  return resources.map((resource) => {
    if (currentId(resource).kind === "CustomResourceDefinition") return resource;
    const object = holdsContainers(resource.object)
      ? updateContainers(resource.object, update)
      : resource.object;
    const changed = object === resource.object ? resource : { ...resource, object };
    return setNamed(changed);
  });
}

/** Whether there is a list of containers anywhere in an object; most have none, and each entry asks. */
function holdsContainers(object: Mapping): boolean {
  const known = containerHolders.get(object) ?? findsContainers(object);
  containerHolders.set(object, known);
  return known;
}

const containerHolders = new WeakMap<Mapping, boolean>();

function findsContainers(node: Node): boolean {
  if (node.kind === "scalar") return false;
  if (node.kind === "sequence") return node.items.some(findsContainers);
  for (const [key, value] of node.entries) {
    if (isContainerList(key) || findsContainers(value)) return true;
  }
  return false;
}

function isContainerList(key: string): boolean {
  return key === "containers" || key === "initContainers";
}

/** Every container's image below a node, wherever a list of containers is. */
function updateContainers<N extends Node>(node: N, update: (image: Node) => Node): N;
function updateContainers(node: Node, update: (image: Node) => Node): Node {
  if (node.kind === "scalar") return node;
  if (node.kind === "sequence") return mapItems(node, (item) => updateContainers(item, update));
  return mapEntries(node, (value, key) => {
    const walked = updateContainers(value, update);
    return isContainerList(key) && walked.kind === "sequence"
      ? mapItems(walked, (item) => updateImage(item, update))
      : walked;
  });
}

function updateImage(container: Node, update: (image: Node) => Node): Node {
  if (container.kind === "scalar" && container.type === "null") return container;
  if (container.kind !== "mapping") {
    throw new BuildError("Cannot set the image of a container: it should be a mapping", {
      mark: container.origin.mark,
    });
  }
  const image = container.entries.get("image");
  if (image === undefined) return container;
  const updated = update(image);
  return updated === image
    ? container
    : { ...container, entries: new Map(container.entries).set("image", updated) };
}

function imageUpdate(imageTag: Mapping, by: Mark | undefined): (image: Node) => Node {
  const pattern = imagePattern(imageTag);
  const scalarOf = (field: string) => {
    const found = imageTag.entries.get(field);
    return found?.kind === "scalar" && found.type !== "null" && found.text !== ""
      ? found
      : undefined;
  };
  const newName = scalarOf("newName");
  const newTag = scalarOf("newTag");
  const digest = scalarOf("digest");
  const suffix = (newTag ?? digest) ? undefined : scalarOf("tagSuffix");
  const parts = [newTag, digest, suffix, newName].filter((part) => part !== undefined);
  const step = {
    operation: "images",
    mark: parts[0]?.origin.mark ?? imageTag.origin.mark,
    by,
    // The old name, or the old tag, is still in the new image.
    keeps: newName === undefined || (newTag ?? digest) === undefined,
    ...(parts.length > 1 && { from: parts.slice(1) }),
  } as const;
  return (image) => {
    if (image.kind !== "scalar") return setScalar(image, false, { text: "", type: "string" }, step);
    if (!pattern.test(image.text)) return image;
    const text = imageText(image.text, { newName, newTag, digest, suffix });
    // The second round finds what the first one did, and an entry may say nothing new.
    const isDone = parts.length === 0 || image.origin.mark === step.mark;
    if (text === image.text && isDone) return image;
    return setScalar(image, false, writtenOver(image, text), step);
  };
}

type Parts = Readonly<Record<"newName" | "newTag" | "digest" | "suffix", Scalar | undefined>>;

/** A new tag or digest takes the place of both. */
function imageText(old: string, { newName, newTag, digest, suffix }: Parts): string {
  const image = splitImage(old);
  const name = newName?.text ?? image.name;
  if (newTag ?? digest) return joinImage(name, newTag?.text ?? "", digest?.text ?? "");
  if (suffix) return joinImage(name, image.tag + suffix.text, "");
  return joinImage(name, image.tag, image.digest);
}

function joinImage(name: string, tag: string, digest: string): string {
  return name + (tag && `:${tag}`) + (digest && `@${digest}`);
}

/** Name, tag and digest of an image. A colon before the first slash belongs to a port. */
function splitImage(image: string): { name: string; tag: string; digest: string } {
  const start = Math.max(image.indexOf("/"), 0);
  const at = image.indexOf("@", start);
  const colon = image.indexOf(":", start);
  const hasTag = colon >= 0 && (at < 0 || colon < at);
  const nameEnd = hasTag ? colon : at >= 0 ? at : image.length;
  return {
    name: image.slice(0, nameEnd),
    tag: hasTag ? image.slice(colon + 1, at < 0 ? undefined : at) : "",
    digest: at < 0 ? "" : image.slice(at + 1),
  };
}

/** Kustomize takes the name for a regular expression, with whatever tag and digest behind it. */
function imagePattern(imageTag: Mapping): RegExp {
  const name = textAt(imageTag, ["name"]) ?? "";
  try {
    return goRegExp(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(
      `Cannot look for the image "${name}": Kustomize takes the name for a regular expression, and it is none`,
      { mark: (imageTag.entries.get("name") ?? imageTag).origin.mark },
    );
  }
}
