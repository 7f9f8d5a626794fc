import {
  ApiException,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";

/** An object as the API server returns it. */
export type LiveObject = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the API server's, by kind.
  readonly [field: string]: any;
};

/** What a rehearsal asks of its API server. */
export type Cluster = {
  readonly list: (apiVersion: string, kind: string, namespace?: string) => Promise<LiveObject[]>;
  /** Undefined where there is no such object. */
  readonly find: (
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ) => Promise<LiveObject | undefined>;
  /** Server-side apply, as field manager `slipway`. */
  readonly apply: (object: object) => Promise<LiveObject>;
  /** Asks Argo CD to look at git now instead of within three minutes. */
  readonly refreshApplications: () => Promise<void>;
};

/** A client for a kubeconfig's API server. */
export function connect(kubeconfig: string): Cluster {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const custom = config.makeApiClient(CustomObjectsApi);

  async function list(apiVersion: string, kind: string, namespace?: string): Promise<LiveObject[]> {
    const { items } = await objects.list(apiVersion, kind, namespace);
    return items as unknown as LiveObject[];
  }

  return {
    list,
    async find(apiVersion, kind, name, namespace = "") {
      try {
        const found = await objects.read({ apiVersion, kind, metadata: { name, namespace } });
        return found as unknown as LiveObject;
      } catch (error) {
        if (error instanceof ApiException && error.code === 404) return undefined;
        throw error;
      }
    },
    apply: async (object) =>
      (await objects.patch(
        object as KubernetesObject,
        undefined,
        undefined,
        "slipway",
        true,
        PatchStrategy.ServerSideApply,
      )) as unknown as LiveObject,
    async refreshApplications() {
      const applications = await list("argoproj.io/v1alpha1", "Application");
      await Promise.all(
        applications.map(({ metadata: { name, namespace = "" } }) =>
          custom.patchNamespacedCustomObject({
            group: "argoproj.io",
            version: "v1alpha1",
            plural: "applications",
            namespace,
            name,
            body: [
              {
                op: "add",
                path: "/metadata/annotations/argocd.argoproj.io~1refresh",
                value: "normal",
              },
            ],
          }),
        ),
      );
    },
  };
}
