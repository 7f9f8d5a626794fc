import { SlipwayError } from "../../../scripts/errors.ts";
import { createBuilder } from "../../../scripts/kustomize/build.ts";
import { overlayTree } from "../../../scripts/tree/memory.ts";
import { readText, type Tree } from "../../../scripts/tree/tree.ts";
import { type OutputScalar, outputScalars } from "./output-scalars.ts";
import { type SourceScalar, sourceScalars } from "./source-scalars.ts";

/** A directory to build. */
export type Subject = { readonly tree: Tree; readonly directory: string };
export type Mutation = Subject & SourceScalar & { readonly file: string };
type Wrong = {
  readonly mutation: Mutation;
  readonly place: string;
  readonly directory: string;
  readonly changedAndNotNamed: readonly string[];
  readonly namedAndNotChanged: readonly string[];
};
/** How many changed values were compared, and those that are not named as they should be. */
export type Result = { readonly checked: number; readonly wrong: readonly Wrong[] };

/** Every value of every file that a build reads. */
export function mutations(subject: Subject): Mutation[] {
  const built = attempt(subject.tree, subject.directory);
  if (built === undefined) return [];
  return [...built.reads].flatMap((file) => {
    const text = file.endsWith(".yaml") ? readText(subject.tree, file) : undefined;
    if (text === undefined) return [];
    return sourceScalars(file, text).map((scalar) => ({ ...subject, ...scalar, file }));
  });
}

/** Changes values, as many as there are to check, and compares what changes with what names them. */
export function check(mutations: readonly Mutation[], most: number): Result {
  const wrong: Wrong[] = [];
  let checked = 0;
  for (const mutation of mutations) {
    if (checked === most) break;
    const { tree, directory, file, place } = mutation;
    const before = scalars(tree, directory);
    if (before === undefined) continue;
    // What a generator takes from a file has the whole file as its place.
    const named = paths(before, (_, { places }) => places.has(place) || places.has(`${file}:1:1`));
    const differing = differingPaths(mutation, before, named);
    if (differing === undefined || (differing.size === 0 && named.size === 0)) continue;
    checked += 1;
    const changedAndNotNamed = selects(mutation)
      ? []
      : [...differing.difference(named)].filter((path) => !before.get(path)?.isReplacedImage);
    const namedAndNotChanged = [...named.difference(differing)];
    if (changedAndNotNamed.length + namedAndNotChanged.length > 0) {
      wrong.push({ mutation, place, directory, changedAndNotNamed, namedAndNotChanged });
    }
  }
  return { checked, wrong };
}

/**
 * What changes with a value; undefined where more changes than values: a name that selects, a key of
 * a list. A value of which only the beginning is left is changed at its beginning too.
 */
function differingPaths(
  { tree, directory, file, changed }: Mutation,
  before: ReadonlyMap<string, OutputScalar>,
  named: ReadonlySet<string>,
): ReadonlySet<string> | undefined {
  let differing: ReadonlySet<string> | undefined;
  for (const content of changed) {
    const after = scalars(overlayTree(tree, { [file]: content }), directory);
    if (after === undefined || !haveSameShape(before, after)) continue;
    const own = paths(before, (path, { text }) => after.get(path)?.text !== text);
    differing = differing === undefined ? own : differing.union(own);
    if (named.isSubsetOf(differing)) break;
  }
  return differing;
}

/**
 * Whether a value does more than stand in the output: by names, labels and annotations objects are
 * selected, and a subject has a namespace for its name. (So does the name of an image, which chooses
 * the entry of `images` that may replace it whole; it may stand at any path that is configured.)
 */
function selects({ path }: Mutation): boolean {
  const own = path[0] === "items" ? path.slice(2) : path;
  return own[0] === "metadata" || own[0] === "subjects";
}

function paths(
  scalars: ReadonlyMap<string, OutputScalar>,
  is: (path: string, scalar: OutputScalar) => boolean,
): ReadonlySet<string> {
  return new Set([...scalars].filter(([path, scalar]) => is(path, scalar)).map(([path]) => path));
}

function haveSameShape(
  a: ReadonlyMap<string, OutputScalar>,
  b: ReadonlyMap<string, OutputScalar>,
): boolean {
  if (a.size !== b.size) return false;
  for (const [path, { text }] of a) {
    const other = b.get(path);
    if (other === undefined || (/^\d+\/kind$/.test(path) && other.text !== text)) return false;
  }
  return true;
}

const builders = new WeakMap<Tree, ReturnType<typeof createBuilder>>();
const built = new WeakMap<Tree, Map<string, ReadonlyMap<string, OutputScalar> | undefined>>();

function scalars(tree: Tree, directory: string): ReadonlyMap<string, OutputScalar> | undefined {
  const known = built.get(tree) ?? new Map();
  built.set(tree, known);
  if (!known.has(directory)) {
    const result = attempt(tree, directory);
    known.set(directory, result && outputScalars(result.resources));
  }
  return known.get(directory);
}

/** What does not build has no output to compare. */
function attempt(tree: Tree, directory: string) {
  const builder = builders.get(tree) ?? createBuilder(tree);
  builders.set(tree, builder);
  try {
    return builder.build(directory, { reorder: "none" });
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
