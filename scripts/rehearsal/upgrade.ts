import type { Cluster } from "./cluster.ts";

/** Every object that Argo CD manages, by `Kind/namespace/name`, with its uid. */
export type Snapshot = ReadonlyMap<string, string>;

/** What a second commit did to objects that the first one made. */
export type Upgrade = {
  readonly added: readonly string[];
  readonly pruned: readonly string[];
  /** The same name with another uid: deleted and made anew. */
  readonly recreated: readonly string[];
};

/** Looks at all objects of all Applications. */
export async function takeSnapshot(cluster: Cluster): Promise<Snapshot> {
  const applications = await cluster.list("argoproj.io/v1alpha1", "Application");
  const references = applications.flatMap(
    (application): Reference[] => application.status?.resources ?? [],
  );
  const entries = await Promise.all(
    references.map(
      async ({ group, version, kind, name, namespace }): Promise<[string, string][]> => {
        const apiVersion = group ? `${group}/${version}` : version;
        const found = await cluster.find(apiVersion, kind, name, namespace);
        return found === undefined
          ? []
          : [[[kind, namespace, name].filter(Boolean).join("/"), found.metadata.uid]];
      },
    ),
  );
  return new Map(entries.flat());
}

/** Compares the objects before and after an upgrade; each list is sorted. */
export function compareSnapshots(before: Snapshot, after: Snapshot): Upgrade {
  return {
    added: [...after.keys()].filter((key) => !before.has(key)).sort(),
    pruned: [...before.keys()].filter((key) => !after.has(key)).sort(),
    recreated: [...before]
      .filter(([key, uid]) => after.has(key) && after.get(key) !== uid)
      .map(([key]) => key)
      .sort(),
  };
}

type Reference = {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};
