import { join, type Tree, walk } from "../tree/tree.ts";
import type { Target } from "./target.ts";

/** The order of promotion: a release moves from left to right. */
export const environments = ["dev", "staging", "prod"] as const;

/** The directories that hold manifests; the rest of the repository is tooling and text. */
export const fleetDirectories = ["apps", "base", "clusters", "overlays"] as const;

/** The repository as data: its environments, its apps and everything Argo CD renders. */
export type Fleet = {
  readonly environments: readonly string[];
  readonly apps: readonly string[];
  readonly targets: readonly Target[];
};

/**
 * Reads the fleet from the names of directories: `overlays/<env>/<app>`, `apps/<env>`,
 * `clusters/<env>`. Directories without a file do not count: git would not have them.
 */
export function readFleet(tree: Tree): Fleet {
  const targets = ["clusters", "apps", "overlays"].flatMap((top) =>
    directories(tree, top).flatMap((environment): Target[] =>
      top === "overlays"
        ? directories(tree, join(top, environment)).map((app) => ({
            environment,
            app,
            directory: join(top, environment, app),
          }))
        : [{ environment, app: top, directory: join(top, environment) }],
    ),
  );
  return {
    environments: unique(targets.map(({ environment }) => environment)).sort(byPromotion),
    apps: unique(
      targets.filter(({ directory }) => directory.startsWith("overlays/")).map(({ app }) => app),
    ).sort(),
    targets: targets.sort((a, b) => byPromotion(a.environment, b.environment)),
  };
}

function directories(tree: Tree, path: string): string[] {
  return tree
    .list(path)
    .filter(({ kind }) => kind === "directory")
    .map(({ name }) => name)
    .filter((name) => !walk(tree, join(path, name), () => {}).next().done);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function byPromotion(a: string, b: string): number {
  const order: readonly string[] = environments;
  return (order.indexOf(a) + 1 || order.length + 1) - (order.indexOf(b) + 1 || order.length + 1);
}
