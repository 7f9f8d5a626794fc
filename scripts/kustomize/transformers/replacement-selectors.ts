import { BuildError } from "../build-error.ts";
import { isSelected } from "../configurations/field-spec.ts";
import { type Node, nodeAt, textAt } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import {
  matchesId,
  matchesMetadata,
  readSelector,
  selectsById,
  selectsByMetadata,
} from "../patches/select.ts";
import { currentId, type Resource, type ResourceId } from "../resource/resource.ts";
import { type Options, readOptions } from "./replacement-fields.ts";

export type Target = {
  /** The pattern that a name should match; empty for any. */
  readonly name: string;
  readonly selects: (resource: Resource) => boolean;
  readonly fieldPaths: readonly string[];
  readonly options: Options;
};

/** Where in a list the resources of a name are, under the names they had before too. */
export type NameIndex = {
  readonly resources: readonly Resource[];
  /** Places of the resources whose name can match a pattern, in their order; an empty one is any. */
  readonly candidates: (pattern: string) => readonly number[];
  /** To be told when a resource may have got another name. */
  readonly add: (resource: Resource, index: number) => void;
};

export function nameIndex(resources: readonly Resource[]): NameIndex {
  const places = new Map<string, Set<number>>();
  const add = (resource: Resource, index: number) => {
    for (const { name } of allIds(resource)) {
      const known = places.get(name);
      if (known) known.add(index);
      else places.set(name, new Set([index]));
    }
  };
  resources.forEach(add);
  const all = [...resources.keys()];
  return {
    resources,
    add,
    candidates: (pattern) =>
      /^[\w-]+$/.test(pattern) ? [...(places.get(pattern) ?? [])].sort((a, b) => a - b) : all,
  };
}

/** The place of the one resource that a source names; none or several are an error. */
export function findSource(source: Node, { resources, candidates }: NameIndex): number {
  const wanted = {
    group: textAt(source, ["group"]) ?? "",
    version: textAt(source, ["version"]) ?? "",
    kind: textAt(source, ["kind"]) ?? "",
    name: textAt(source, ["name"]) ?? "",
    namespace: textAt(source, ["namespace"]) ?? "",
  };
  const [first, second] = sourcePlaces(wanted, resources, candidates(wanted.name));
  if (first !== undefined && second === undefined) return first;
  const fields = Object.entries(wanted).flatMap(([field, text]) =>
    text === "" ? [] : `${field} "${text}"`,
  );
  const what = `the source of a replacement, ${fields.join(", ") || "which names nothing"}`;
  throw new BuildError(
    first === undefined
      ? `Cannot find ${what}`
      : `Cannot choose ${what}: more than one object is that`,
    {
      mark: (nodeAt(source, ["name"]) ?? source).origin.mark,
      help:
        first === undefined
          ? "The source should be an object of this kustomization or of its bases"
          : "Name its kind, name and namespace",
    },
  );
}

/** An entry of `targets`; that of a component is read once for all that take it. */
export function readTarget(target: Node, by: Mark | undefined): Target {
  const known = targets.get(target) ?? readNew(target, by);
  targets.set(target, known);
  return known;
}

const targets = new WeakMap<Node, Target>();

function readNew(target: Node, by: Mark | undefined): Target {
  const select = nodeAt(target, ["select"]);
  if (select?.kind !== "mapping") {
    throw new BuildError('A target of a replacement should have "select": it is missing', {
      mark: target.origin.mark ?? by,
    });
  }
  const selector = readSelector(select);
  const rejects = itemsOf(nodeAt(target, ["reject"])).map(readSelector);
  const paths = itemsOf(nodeAt(target, ["fieldPaths"])).flatMap((path) =>
    path.kind === "scalar" ? path.text : [],
  );
  return {
    name: textAt(select, ["name"]) ?? "",
    fieldPaths: paths.length === 0 ? ["metadata.name"] : paths,
    options: readOptions(nodeAt(target, ["options"])),
    // A reject that names both labels and an object rejects what is either.
    selects(resource) {
      if (!matchesMetadata(selector, resource)) return false;
      const ids = allIds(resource);
      if (!ids.some((id) => matchesId(selector, id))) return false;
      return !rejects.some(
        (reject) =>
          (selectsByMetadata(reject) && matchesMetadata(reject, resource)) ||
          (selectsById(reject) && ids.some((id) => matchesId(reject, id))),
      );
    },
  };
}

/** At most two of the places, which is enough to tell that there are several. */
function sourcePlaces(
  wanted: ResourceId,
  resources: readonly Resource[],
  places: readonly number[],
): readonly number[] {
  const found: number[] = [];
  for (const place of places) {
    const resource = resources[place];
    if (resource && allIds(resource).some((id) => isWanted(id, wanted))) found.push(place);
    if (found.length === 2) break;
  }
  return found;
}

function isWanted(id: ResourceId, wanted: ResourceId): boolean {
  return (
    (wanted.name === "" || wanted.name === id.name) &&
    (wanted.namespace === "" || inDefault(wanted.namespace) === inDefault(id.namespace)) &&
    isSelected(id, wanted)
  );
}

function inDefault(namespace: string): string {
  return namespace === "" ? "default" : namespace;
}

/** The ids that a resource has and had, the present one first. */
function allIds(resource: Resource): readonly ResourceId[] {
  const id = currentId(resource);
  return [id, ...resource.previous.map((name) => ({ ...id, ...name }))];
}

function itemsOf(list: Node | undefined): readonly Node[] {
  return list?.kind === "sequence" ? list.items : [];
}
