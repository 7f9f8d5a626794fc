import { createBuilder } from "../../../scripts/kustomize/build.ts";
import type { Resource } from "../../../scripts/kustomize/resource/resource.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";
import type { Files } from "../oracle.ts";

/** What a kustomization in the root makes. */
export function generated(files: Files): readonly Resource[] {
  return createBuilder(memoryTree(files)).build("", { reorder: "none" }).resources;
}
