import { join, type Tree } from "../tree/tree.ts";
import { accumulate } from "./accumulate/accumulate.ts";
import { finish } from "./accumulate/finish.ts";
import { applyOpenApi } from "./accumulate/openapi.ts";
import { createSession, createShared, enter } from "./accumulate/session.ts";
import { BuildError } from "./build-error.ts";
import { textsOf } from "./kustomization/fields.ts";
import type { LoadRestrictor } from "./loader.ts";
import type { Resource } from "./resource/resource.ts";

export type BuildOptions = {
  /** Whether files may lie outside of their kustomization's directory; they may not. */
  readonly loadRestrictor?: LoadRestrictor;
  /** The order of the output where no `sortOptions` says it: by kind, or as gathered. */
  readonly reorder?: "none" | "legacy";
  readonly managedByLabel?: boolean;
};

type Built = {
  readonly resources: readonly Resource[];
  /** Every path that was looked for, absent ones included: nothing else can change the result. */
  readonly reads: ReadonlySet<string>;
  readonly warnings: readonly string[];
};

export type Builder = {
  /** What `kustomize build` would print for a directory. Throws a `BuildError`. */
  readonly build: (directory: string, options?: BuildOptions) => Built;
};

function noDirectory(directory: string, tree: Tree): BuildError {
  return new BuildError(
    tree.read(join(directory)) === undefined
      ? `Cannot build "${directory}": there is no such directory, or it is empty`
      : `Cannot build "${directory}": it is a file; name the directory that holds it`,
  );
}

/** Builds directories of a tree. Files are parsed and bases accumulated once for all of them. */
export function createBuilder(tree: Tree): Builder {
  const shared = createShared(tree);
  return {
    build(directory, options = {}) {
      const session = createSession(shared, options.loadRestrictor ?? "LoadRestrictionsRootOnly");
      const root = join(directory);
      if (root === ".." || root.startsWith("../")) {
        throw new BuildError(`Cannot build "${directory}": it is outside of the repository`);
      }
      if (root !== "" && tree.list(root).length === 0) throw noDirectory(directory, tree);
      const visit = enter(session, root, [], undefined);
      const buildMetadata = textsOf(visit.kustomization.fields, "buildMetadata");
      applyOpenApi(visit);
      // Kustomize keeps track of where objects are from where any build metadata is asked for.
      const accumulation = accumulate({
        ...visit,
        path: buildMetadata.length > 0 ? "" : undefined,
      });
      const { resources, warnings } = finish(visit, accumulation, options);
      return {
        resources,
        reads: session.trail.reads,
        warnings: [...session.trail.warnings, ...warnings],
      };
    },
  };
}
