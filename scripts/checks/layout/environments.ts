import type { Fleet } from "../../fleet/fleet.ts";
import { join, type Tree } from "../../tree/tree.ts";
import type { Finding } from "../finding.ts";

/** A release moves from left to right, so an app may be missing on the right for a while, not on the left. */
export function environmentFindings(tree: Tree, fleet: Fleet): Finding[] {
  return fleet.apps.flatMap((app) => {
    const has = fleet.environments.filter((environment) =>
      fleet.targets.some(({ directory }) => directory === join("overlays", environment, app)),
    );
    const last = has.at(-1) ?? "";
    const place = { file: join("overlays", last, app, "kustomization.yaml"), line: 1 };
    return fleet.environments
      .filter((environment) => !has.includes(environment))
      .filter((environment) => !hasApplication(tree, environment, app))
      .map((environment): Finding => {
        const isBefore = fleet.environments.indexOf(environment) < fleet.environments.indexOf(last);
        return {
          rule: "layout-environments",
          severity: isBefore ? "error" : "warning",
          message: isBefore
            ? `"${app}" is in "${last}" and not in "${environment}", so nothing can be promoted to "${last}"`
            : `"${app}" is in "${last}" and not in "${environment}" yet`,
          help: `Add "overlays/${environment}/${app}" and "apps/${environment}/${app}.yaml"`,
          place,
        };
      });
  });
}

/** An Application without an overlay is said by check `argo`. */
function hasApplication(tree: Tree, environment: string, app: string): boolean {
  return tree.list(join("apps", environment)).some(({ name }) => name === `${app}.yaml`);
}
