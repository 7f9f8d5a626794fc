import { SlipwayError } from "../../scripts/errors.ts";
import { createBuilder } from "../../scripts/kustomize/build.ts";
import { printDocuments } from "../../scripts/kustomize/yaml/print.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import type { Files, Options, Outcome } from "./oracle.ts";

/** What our engine makes of a file tree. A mistake of ours is thrown, a refusal is an outcome. */
export function buildFiles(files: Files, directory: string, options?: Options): Outcome {
  try {
    const { resources } = createBuilder(memoryTree(files)).build(directory, options);
    return { output: printDocuments(resources.map(({ object }) => object)) };
  } catch (error) {
    if (error instanceof SlipwayError) return { error: error.message };
    throw error;
  }
}
