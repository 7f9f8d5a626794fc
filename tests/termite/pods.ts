import { readFileSync } from "node:fs";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";

/** The file of an environment's pods, written by hand. */
export function podsFile(environment: string): string {
  return `tests/termite/pods/${environment}.yaml`;
}

/** The first pod of each pool in an environment, as Termite's operator would make it. */
export function readPods(environment: string): readonly Manifest[] {
  const file = podsFile(environment);
  return parseYaml(readFileSync(file, "utf8"), file).map(({ value }) => value as Manifest);
}
