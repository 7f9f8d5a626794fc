import { readFileSync } from "node:fs";
import type { Policy } from "../../policies/policy.ts";
import { policyFindings } from "../../scripts/checks/policies.ts";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import type { Target } from "../../scripts/fleet/target.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";

/** The overlay that the resources of a test belong to. */
export const target: Target = {
  environment: "prod",
  app: "router",
  directory: "overlays/prod/router",
};

/** The documents of a YAML text, indented as a whole, as if an overlay had rendered them. */
export function resourcesIn(yaml: string): Resource[] {
  const [indentation = ""] = /^\n* */.exec(yaml) ?? [];
  const text = yaml.replaceAll(`\n${indentation.replaceAll("\n", "")}`, "\n");
  return parseYaml(text, "rendered.yaml").map((document) => ({
    target,
    manifest: document.value as Manifest,
    placeOf: document.placeOf,
  }));
}

/** The documents of a YAML file. */
export function resourcesOfFile(path: string | URL): Resource[] {
  return resourcesIn(readFileSync(path, "utf8"));
}

/** What rules find in a YAML text, one line each: `<path>: <message>`. */
export function violations(rule: Policy, yaml: string): string[] {
  return policyFindings(target, resourcesIn(yaml), [rule]).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}
