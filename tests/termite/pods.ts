import { readFileSync } from "node:fs";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";

/** The first pod of each pool in an environment, as Termite's operator would make it; written by hand. */
export function readPods(environment: string): readonly Manifest[] {
  const file = `tests/termite/pods/${environment}.yaml`;
  return parseYaml(readFileSync(file, "utf8"), file).map(({ value }) => value as Manifest);
}
