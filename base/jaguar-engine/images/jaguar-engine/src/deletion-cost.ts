import { readFileSync } from "node:fs";
import { request } from "node:https";

export type Pod = { readonly namespace: string; readonly name: string };

/** Sets the deletion cost of the own pod; throws where the API server does not let it. */
export type SetCost = (cost: number) => Promise<void>;

/** The API server asks for patience with this annotation: it is for hints, not for a live metric. */
const interval = 60_000;
/** A change that orders no two pods differently is not worth a write. */
const smallestChange = 0.1;

/**
 * Tells the controller of the ReplicaSet which pod to remove first: a world ends with its pod, so the
 * one with the fewest entities. Returns what ends it.
 */
export function followLoad(
  entities: () => number | undefined,
  setCost: SetCost,
  log: (line: string) => void,
  every = interval,
): () => void {
  let told: number | undefined;
  let failure: string | undefined;
  let isBusy = false;
  const timer = setInterval(async () => {
    const cost = entities();
    if (isBusy || cost === undefined || !isNews(cost, told)) return;
    isBusy = true;
    try {
      await setCost(cost);
      told = cost;
      failure = undefined;
    } catch (error) {
      const { message } = error as Error;
      // It may be allowed later; until then once is enough to say.
      if (message !== failure) log(`Cannot set the deletion cost: ${message}`);
      failure = message;
    } finally {
      isBusy = false;
    }
  }, every);
  return () => clearInterval(timer);
}

function isNews(cost: number, told: number | undefined): boolean {
  return told === undefined || Math.abs(cost - told) > smallestChange * Math.max(told, 1);
}

const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Writes to the API server of the cluster, with the account of the pod. */
export function patchPod({ namespace, name }: Pod, directory = account): SetCost {
  return async (cost) => {
    const body = JSON.stringify({
      metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": String(cost) } },
    });
    const options = {
      method: "PATCH",
      host: process.env.KUBERNETES_SERVICE_HOST,
      port: process.env.KUBERNETES_SERVICE_PORT,
      path: `/api/v1/namespaces/${namespace}/pods/${name}`,
      ca: readFileSync(`${directory}/ca.crt`),
      timeout: 5000,
      headers: {
        // The kubelet replaces the token before it expires, so it is read each time.
        authorization: `Bearer ${readFileSync(`${directory}/token`, "utf8").trim()}`,
        "content-type": "application/merge-patch+json",
        "content-length": body.length,
      },
    };
    await new Promise<void>((resolve, reject) => {
      const patch = request(options, (response) => {
        response.resume();
        if (response.statusCode === 200) resolve();
        else
          reject(
            new Error(`the API server answers ${response.statusCode}: may the account patch pods?`),
          );
      });
      patch.on("timeout", () =>
        patch.destroy(new Error("the API server does not answer within 5 s")),
      );
      patch.on("error", reject);
      patch.end(body);
    });
  };
}
