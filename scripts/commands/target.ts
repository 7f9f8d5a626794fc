import { relative, resolve } from "node:path";
import { SlipwayError } from "../errors.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { type Target, targetName } from "../fleet/target.ts";
import { join } from "../tree/tree.ts";
import { unknownName } from "./names.ts";

/** By `dev/router`, or by a directory, from the root or from where the person stands. */
export function findTarget(fleet: Fleet, name: string, root: string): Target {
  const { targets } = fleet;
  const directories = [join(name), relative(root, resolve(name)).replaceAll("\\", "/")];
  const found =
    targets.find((target) => targetName(target) === name) ??
    targets.find(({ directory }) => directories.includes(directory));
  if (found === undefined) throw unknownTarget(fleet, name);
  return found;
}

function unknownTarget({ environments, targets }: Fleet, name: string): SlipwayError {
  const [environment = "", app, ...rest] = name.split("/");
  if (app === undefined || rest.length > 0) {
    const [example] = targets.map(targetName);
    return new SlipwayError(
      `Unknown target "${name}": write an environment and an app${example ? `, such as "${example}"` : ""}`,
    );
  }
  if (!environments.includes(environment)) {
    return unknownName("environment", environment, environments);
  }
  const own = targets.filter((target) => target.environment === environment);
  const known = own.map((target) => target.app);
  return unknownName("target", app, known, `in "${environment}"`);
}
