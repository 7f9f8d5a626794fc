import { rememberingTree } from "../../tree/remembering.ts";
import { baseName, join, type Tree } from "../../tree/tree.ts";
import { findKustomization, type Kustomization, readKustomization } from "../kustomization/read.ts";
import type { Files, Loaded, LoadRestrictor } from "../loader.ts";
import { createFiles, createLoader, type Loader } from "../loader.ts";
import type { Scalar } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { kubernetesSchema } from "../schema/kubernetes.ts";
import type { Schema } from "../schema/schema.ts";
import type { Accumulation } from "./accumulate.ts";

/** What builds of one tree share: every file is parsed once, every base is accumulated once. */
export type Shared = {
  readonly tree: Tree;
  readonly files: Files;
  readonly kustomizations: WeakMap<Loaded, Kustomization>;
  /** The objects of a resource file, by the entry that names it. */
  readonly objects: WeakMap<Scalar, readonly Resource[]>;
  readonly bases: Map<string, Base>;
};

/** A directory that was accumulated, with all that it depended on. */
export type Base = {
  readonly accumulation: Accumulation;
  readonly useBefore: SchemaUse;
  readonly schemaBefore: SchemaState;
  readonly schemaAfter: SchemaState;
  readonly trail: Trail;
};

/** The schema is the build's: the first kustomization that sets one sets it for all that follow. */
type SchemaState = { readonly schema: Schema; readonly isSet: boolean };

/** What a build came by. */
export type Trail = {
  /** Every path that was looked for, absent ones included. */
  readonly reads: Set<string>;
  readonly directories: Set<string>;
  readonly warnings: Set<string>;
  /** Whether the built-in schema was asked for something: it then stays beside one that is set later. */
  schemaUse: SchemaUse;
};

/** Not at all, for kinds that its short list of namespaces does not know, for a strategic merge. */
export type SchemaUse = "none" | "kinds" | "merge";

/** One build, or the part of one below a base. */
export type Session = {
  readonly shared: Shared;
  readonly loadRestrictor: LoadRestrictor;
  readonly trail: Trail;
  schemaState: SchemaState;
};

/** One kustomization in a session. */
export type Visit = {
  readonly session: Session;
  readonly loader: Loader;
  readonly kustomization: Kustomization;
  /** The directories that lead here, this one included. */
  readonly ancestors: readonly string[];
  /** The directory as seen from the one that is built; only where `buildMetadata` asks for it. */
  readonly path: string | undefined;
};

export function createShared(source: Tree): Shared {
  const tree = rememberingTree(source).now();
  return {
    tree,
    files: createFiles(tree),
    kustomizations: new WeakMap(),
    objects: new WeakMap(),
    bases: new Map(),
  };
}

export function createSession(shared: Shared, loadRestrictor: LoadRestrictor): Session {
  return {
    shared,
    loadRestrictor,
    trail: createTrail(),
    schemaState: { schema: kubernetesSchema, isSet: false },
  };
}

export function createTrail(schemaUse: SchemaUse = "none"): Trail {
  return { reads: new Set(), directories: new Set(), warnings: new Set(), schemaUse };
}

/** Comes to a directory: reads its kustomization. `entry` is what names the directory. */
export function enter(
  session: Session,
  directory: string,
  ancestors: readonly string[],
  path: string | undefined,
  entry?: Mark,
): Visit {
  const { shared, loadRestrictor, trail } = session;
  const { tree, files, kustomizations } = shared;
  const loader = createLoader(directory, {
    tree,
    files,
    loadRestrictor,
    reads: trail.reads,
    ancestors,
  });
  const file = findKustomization(loader, entry);
  const kustomization = kustomizations.get(file) ?? readKustomization(file);
  kustomizations.set(file, kustomization);
  trail.directories.add(directory);
  for (const warning of kustomization.warnings) trail.warnings.add(warning);
  return { session, loader, kustomization, ancestors: [...ancestors, directory], path };
}

/** The kustomization file as seen from the directory that is built; only where that is asked for. */
export function kustomizationPath({ path, kustomization }: Visit): string | undefined {
  const { file } = kustomization;
  return path === undefined ? undefined : join(path, baseName(file));
}

/** Notes in a session what one below it came by. */
export function addTrail(to: Trail, from: Trail): void {
  for (const path of from.reads) to.reads.add(path);
  for (const directory of from.directories) to.directories.add(directory);
  for (const warning of from.warnings) to.warnings.add(warning);
  noteSchemaUse(to, from.schemaUse);
}

/** The stronger use counts. */
export function noteSchemaUse(trail: Trail, use: SchemaUse): void {
  if (use === "merge" || trail.schemaUse === "none") trail.schemaUse = use;
}
