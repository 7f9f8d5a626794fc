import type { KindSelector } from "../configurations/field-spec.ts";
import { effectiveNamespace, noNamespace } from "../resource/identity.ts";
import { currentId, type Resource, type ResourceId } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";

/** A resource with what the search for the target of a reference asks of it. */
export type Candidate = {
  readonly resource: Resource;
  readonly order: number;
  readonly id: ResourceId;
  /** Where it is for Kustomize: `default` or none included. */
  readonly namespace: string;
  readonly originalNamespace: string;
};

/** Who refers, as far as it limits what it can mean. */
export type Referrer = Candidate & {
  /** Namespaces of the ServiceAccounts that a RoleBinding lists. */
  readonly subjectNamespaces: ReadonlySet<string>;
};

/** Resources that have had another name, by each name, kind and place. */
export type Candidates = {
  /**
   * Those that had the name and a kind that the selector admits, among what the referrer can reach, in the
   * order of the build. With `namespace`, only those that were in it at first; where nothing was,
   * those that are in it now.
   */
  readonly find: (
    name: string,
    target: KindSelector,
    referrer: Referrer,
    namespace: string | undefined,
  ) => readonly Candidate[];
};

export function candidatesOf(resources: readonly Resource[], schema: Schema): readonly Candidate[] {
  return resources.map((resource, order) => {
    const id = currentId(resource);
    const namespace = effectiveNamespace(id, schema);
    const originalNamespace = resource.previous[0]?.namespace ?? namespace;
    return { resource, order, id, namespace, originalNamespace };
  });
}

export function indexCandidates(all: readonly Candidate[]): Candidates {
  const byName = new Map<string, Candidate[]>();
  const byOriginalNamespace = new Map<string, Candidate[]>();
  const byPlace = new Map<string, Candidate[]>();
  /** For each place the namespaces where its objects were at first. */
  const originsOf = new Map<string, Set<string>>();
  const origins = new Set<string>();

  for (const candidate of all) {
    const { originalNamespace } = candidate;
    const place = placeOf(candidate);
    origins.add(originalNamespace);
    originsOf.set(place, (originsOf.get(place) ?? new Set()).add(originalNamespace));
    for (const key of keysOf(candidate)) {
      add(byName, key, candidate);
      add(byOriginalNamespace, `${key}/${originalNamespace}`, candidate);
      add(byPlace, `${key}/${place}`, candidate);
    }
  }

  function reachable(key: string, places: readonly string[]): readonly Candidate[] {
    const lists = places.flatMap((place) => byPlace.get(`${key}/${place}`) ?? []);
    return places.length > 1 ? lists.sort((a, b) => a.order - b.order) : lists;
  }

  return {
    find(name, target, referrer, namespace) {
      const key = `${target.kind ?? ""}/${name}`;
      const places = referrer.namespace === noNamespace ? undefined : placesFor(referrer);
      if (namespace === undefined) return places ? reachable(key, places) : (byName.get(key) ?? []);
      if (namespace === noNamespace) return [];
      const isOrigin = places
        ? places.some((place) => originsOf.get(place)?.has(namespace))
        : origins.has(namespace);
      if (isOrigin) {
        return places
          ? reachable(key, places).filter(
              ({ originalNamespace }) => originalNamespace === namespace,
            )
          : (byOriginalNamespace.get(`${key}/${namespace}`) ?? []);
      }
      const there = places
        ? places.filter((place) => placesIn(namespace).includes(place))
        : placesIn(namespace);
      return reachable(key, there);
    },
  };
}

/** One key for each kind and name that the object has had, and one for any kind. */
function keysOf({ resource: { previous } }: Candidate): ReadonlySet<string> {
  if (previous.length === 1) {
    const [{ kind, name } = { kind: "", name: "" }] = previous;
    return new Set([`${kind}/${name}`, `/${name}`]);
  }
  const kinds = ["", ...previous.map(({ kind }) => kind)];
  return new Set(previous.flatMap(({ name }) => kinds.map((kind) => `${kind}/${name}`)));
}

/** Unlike the namespace, tells an absent one from `default`: the subjects of a RoleBinding do. */
function placeOf({ id, namespace }: Candidate): string {
  return namespace === noNamespace ? noNamespace : id.namespace;
}

function placesIn(namespace: string): readonly string[] {
  return namespace === "default" ? ["default", ""] : [namespace];
}

/** Its own namespace, what has none, and the subjects of a RoleBinding. */
function placesFor({ namespace, subjectNamespaces }: Referrer): readonly string[] {
  const own = [noNamespace, ...placesIn(namespace)];
  return subjectNamespaces.size === 0 ? own : [...new Set([...own, ...subjectNamespaces])];
}

function add(map: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const list = map.get(key);
  if (list) list.push(candidate);
  else map.set(key, [candidate]);
}
