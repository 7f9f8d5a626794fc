import { type ApiException, KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { Cluster, LiveObject } from "../../scripts/rehearsal/cluster.ts";
import type { Sent } from "./objects.ts";

/** What an account may do with objects, as plain requests: nothing is read or patched on the way. */
export type Client = {
  readonly create: (object: Sent) => Promise<LiveObject>;
  /** What the API server would store; everything that admission does is done. */
  readonly tryCreate: (object: Sent) => Promise<LiveObject>;
  readonly read: (object: Sent) => Promise<LiveObject>;
  readonly list: (apiVersion: string, kind: string, namespace?: string) => Promise<LiveObject[]>;
  readonly remove: (object: Sent) => Promise<void>;
};

/** A client with the rights of a kubeconfig's user, or of whom a token belongs to. */
export function clientOf(kubeconfig: string, token?: string): Client {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  if (token !== undefined) config.users = config.users.map((user) => ({ ...user, token }));
  const objects = KubernetesObjectApi.makeApiClient(config);
  return {
    create: async (object) => live(await objects.create(object)),
    tryCreate: async (object) => live(await objects.create(object, undefined, "All")),
    read: async (object) => live(await objects.read(object as Parameters<typeof objects.read>[0])),
    list: async (apiVersion, kind, namespace) =>
      (await objects.list(apiVersion, kind, namespace)).items as unknown as LiveObject[],
    async remove(object) {
      const propagation = "Background";
      await objects.delete(object, undefined, undefined, undefined, undefined, propagation);
    },
  };
}

/** A client with the account of pods in the namespace understudy. */
export async function clientAs(
  account: string,
  { cluster, kubeconfig }: { readonly cluster: Cluster; readonly kubeconfig: string },
): Promise<Client> {
  const token = await cluster.token(account, "understudy");
  if (token === undefined) throw new Error(`There is no ServiceAccount "${account}"`);
  return clientOf(kubeconfig, token);
}

/** Why the API server refuses a request; `accepted` where it does not. */
export async function answer(request: Promise<unknown>): Promise<string> {
  const error = await request.then(
    () => undefined,
    (refused: Partial<ApiException<string>>) => refused,
  );
  if (error === undefined) return "accepted";
  if (error.code === undefined) throw error;
  const { message } = JSON.parse(error.body ?? "{}") as { readonly message?: string };
  return `${error.code} ${message}`;
}

function live(object: unknown): LiveObject {
  return object as LiveObject;
}
