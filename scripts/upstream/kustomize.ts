import { CORE_SCHEMA, dump, load } from "js-yaml";
import { createBuilder } from "../kustomize/build.ts";
import { BuildError } from "../kustomize/build-error.ts";
import { kustomizationNames } from "../kustomize/kustomization/read.ts";
import { printDocuments } from "../kustomize/yaml/print.ts";
import { overlayTree } from "../tree/memory.ts";
import { join, readText, type Tree } from "../tree/tree.ts";
import { list, mapping, text } from "../yaml/value.ts";
import { type KustomizeOverrides, refusal, type UpstreamSource } from "./source.ts";

/**
 * What kustomize prints for a source of a repository. As Argo CD does it by `kustomize edit`,
 * overrides go into the kustomization of the source's own path: in one above it, an image would have
 * the name that this one gives it already. Throws a `SlipwayError` where it does not render.
 */
export function buildKustomization(repository: Tree, source: UpstreamSource): string {
  const { path, kustomize = {} } = source;
  try {
    const { resources } = createBuilder(edited(repository, path, kustomize)).build(path);
    return printDocuments(resources.map(({ object }) => object));
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const { message, place } = error;
    const where = place ? ` (${[place.file, place.line].filter(Boolean).join(":")})` : "";
    throw refusal(source, `${message}${where}`);
  }
}

function edited(tree: Tree, path: string, overrides: KustomizeOverrides): Tree {
  const { images = [], replicas = [], namespace, patches = [] } = overrides;
  const files = kustomizationNames.map((name) => join(path, name));
  const file = files.find((name) => readText(tree, name) !== undefined);
  if (file === undefined || Object.keys(overrides).length === 0) return tree;
  const fields = mapping(load(readText(tree, file) ?? "", { schema: CORE_SCHEMA }));
  const changed = {
    ...fields,
    ...(images.length > 0 && { images: setImages(fields.images, images.map(readImage)) }),
    ...(replicas.length > 0 && { replicas: setByName(fields.replicas, replicas.map(readReplica)) }),
    ...(namespace && { namespace }),
    ...(patches.length > 0 && { patches: [...list(fields.patches), ...patches] }),
  };
  return overlayTree(tree, { [file]: dump(changed) });
}

type Replica = NonNullable<KustomizeOverrides["replicas"]>[number];
type Named = { readonly name: string };

/** The entries with some of them set: one of the same name is replaced whole. */
function setByName(entries: unknown, set: readonly Named[]): unknown[] {
  const names = new Set(set.map(({ name }) => name));
  return [...list(entries).filter((entry) => !names.has(text(mapping(entry).name) ?? "")), ...set];
}

/** By name, as `kustomize edit` leaves them: each image takes what the ones before have made. */
function setImages(entries: unknown, set: readonly Named[]): unknown[] {
  const nameOf = (entry: unknown) => text(mapping(entry).name) ?? "";
  return setByName(entries, set).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** `old=new:tag@digest`, `name:tag` or `name@digest`, as `kustomize edit set image` takes them. */
function readImage(written: string): Named {
  const equals = written.indexOf("=");
  const value = written.slice(equals + 1);
  const [image = "", digest] = value.split("@");
  const colon = image.indexOf(":", image.lastIndexOf("/") + 1);
  const newName = colon < 0 ? image : image.slice(0, colon);
  return {
    ...(equals < 0 ? { name: newName } : { name: written.slice(0, equals), newName }),
    ...(colon >= 0 && { newTag: image.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  };
}

function readReplica({ name, count }: Replica): Named & { readonly count: number } {
  return { name, count: Number(count) };
}
