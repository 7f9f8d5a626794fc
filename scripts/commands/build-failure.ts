import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { SlipwayError } from "../errors.ts";
import { BuildError } from "../kustomize/build-error.ts";

/**
 * What went wrong with a build of a tree rooted at `root`, for a person in the working directory:
 * `base/deployment.yaml:3:5: …` and the way out.
 */
export function buildFailure(error: unknown, root: string): unknown {
  if (!(error instanceof SlipwayError)) return error;
  const message = fromHere(error.message, root);
  if (!(error instanceof BuildError)) return new SlipwayError(message);
  const { place, help } = error;
  const { file = "", line, column } = place ?? {};
  const at = [shown(file, root), line, column].filter((part) => part !== undefined).join(":");
  return new SlipwayError(
    `${place === undefined ? "" : `${at}: `}${message}${help === undefined ? "" : `\n  ${help}`}`,
  );
}

/** A sentence whose quoted paths of the tree are told from the working directory. */
export function fromHere(sentence: string, root: string): string {
  const here = `${relative(root, process.cwd())}/`;
  return sentence.replaceAll(/"([^"\n]*\/[^"\n]*)"/g, (quoted, path: string) => {
    if (/^[./]/.test(path)) return quoted;
    const isPath = path.startsWith(here) || existsSync(join(root, path.replace(/:\d+$/, "")));
    return isPath ? `"${shown(path, root)}"` : quoted;
  });
}

function shown(path: string, root: string): string {
  return relative(process.cwd(), join(root, path)) || ".";
}
