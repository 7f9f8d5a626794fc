import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "../errors.ts";

/** The root of the fleet around the working directory: the nearest directory that holds `overlays/`. */
export function findRoot(start = process.cwd()): string {
  for (let directory = start; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "overlays"))) return directory;
    if (directory === dirname(directory)) {
      throw new SlipwayError(
        `Cannot find a fleet: neither "${start}" nor a directory above it holds "overlays/"; run slipway inside a clone of the repository`,
      );
    }
  }
}
