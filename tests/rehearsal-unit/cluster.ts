import type { Cluster, LiveObject } from "../../scripts/rehearsal/cluster.ts";

/** An object as a manifest has it. */
export type WrittenObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Omit<LiveObject["metadata"], "uid"> & { readonly uid?: string };
  readonly [field: string]: unknown;
};

/** An API server that holds these objects and takes no others. */
export function clusterOf(...objects: readonly WrittenObject[]): Cluster {
  const live = objects.map(
    (object): LiveObject => ({ ...object, metadata: { uid: "", ...object.metadata } }),
  );
  const list: Cluster["list"] = async (apiVersion, kind, namespace) =>
    live.filter(
      (object) =>
        object.apiVersion === apiVersion &&
        object.kind === kind &&
        (!namespace || object.metadata.namespace === namespace),
    );
  return {
    list,
    find: async (apiVersion, kind, name, namespace) =>
      (await list(apiVersion, kind, namespace)).find(({ metadata }) => metadata.name === name),
    apply: () => Promise.reject(new Error("A test applies nothing")),
    remove: () => Promise.reject(new Error("A test removes nothing")),
    serves: async (apiVersion, kind) =>
      live.some((object) => object.apiVersion === apiVersion && object.kind === kind),
    token: () => Promise.resolve(undefined),
    endSync: () => Promise.resolve(),
    refreshApplications: () => Promise.resolve(),
  };
}
