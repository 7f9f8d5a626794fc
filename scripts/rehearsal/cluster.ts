import {
  ApiException,
  CoreV1Api,
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
    readonly creationTimestamp?: string;
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
  readonly remove: (object: LiveObject) => Promise<void>;
  /** Whether the API server knows a kind by now. */
  readonly serves: (apiVersion: string, kind: string) => Promise<boolean>;
  /** A token of a ServiceAccount, valid for a day; undefined where there is no such account. */
  readonly token: (serviceAccount: string, namespace: string) => Promise<string | undefined>;
  /** Ends an Application's running sync, as `argocd app terminate-op` does. */
  readonly endSync: (application: string) => Promise<void>;
  /** Asks Argo CD to look at Applications now instead of within three minutes. @default all */
  readonly refreshApplications: (names?: readonly string[]) => Promise<void>;
};

/** A client for a kubeconfig's API server. */
export function connect(kubeconfig: string): Cluster {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const custom = config.makeApiClient(CustomObjectsApi);
  const core = config.makeApiClient(CoreV1Api);

  async function list(apiVersion: string, kind: string, namespace?: string): Promise<LiveObject[]> {
    const { items } = await objects.list(apiVersion, kind, namespace);
    // In a list of built-in kinds the items do not say what they are.
    return items.map((item) => ({ ...item, apiVersion, kind }) as unknown as LiveObject);
  }

  async function patchApplication(name: string, operation: object) {
    await custom.patchNamespacedCustomObject({
      group: "argoproj.io",
      version: "v1alpha1",
      plural: "applications",
      namespace: "argocd",
      name,
      body: [operation],
    });
  }

  return {
    list,
    async find(apiVersion, kind, name, namespace = "") {
      const found = await unlessAbsent(
        objects.read({ apiVersion, kind, metadata: { name, namespace } }),
      );
      return found as unknown as LiveObject | undefined;
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
    async remove(object) {
      await unlessAbsent(objects.delete(object as unknown as KubernetesObject));
    },
    async serves(apiVersion, kind) {
      const [group = "", version] = apiVersion.split("/");
      const found =
        version === undefined
          ? await core.getAPIResources()
          : await unlessAbsent(custom.getAPIResources({ group, version }));
      return found?.resources.some((resource) => resource.kind === kind) ?? false;
    },
    async token(serviceAccount, namespace) {
      const answer = await unlessAbsent(
        core.createNamespacedServiceAccountToken({
          name: serviceAccount,
          namespace,
          body: { spec: { audiences: [], expirationSeconds: 24 * 60 * 60 } },
        }),
      );
      return answer?.status?.token;
    },
    async endSync(name) {
      await patchApplication(name, {
        op: "replace",
        path: "/status/operationState/phase",
        value: "Terminating",
      });
    },
    async refreshApplications(names) {
      const all = await list("argoproj.io/v1alpha1", "Application");
      const applications = names ?? all.map(({ metadata }) => metadata.name);
      const refresh = {
        op: "add",
        path: "/metadata/annotations/argocd.argoproj.io~1refresh",
        value: "normal",
      };
      await Promise.all(applications.map((name) => patchApplication(name, refresh)));
    },
  };
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}
