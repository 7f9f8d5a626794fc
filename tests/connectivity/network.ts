import { edgesOf, type Network } from "../../scripts/connectivity/edges.ts";
import { namespaceLabels, type Pods, podsOf } from "../../scripts/connectivity/pods.ts";
import { networkPoliciesOf } from "../../scripts/connectivity/policy.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";

const privateRanges = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

const nodeDns = ["169.254.20.10/32", "169.254.169.254/32"];

/** Who is outside, by a name: the internet first, which holds the front ends of Google too. */
const ranges: Network["ranges"] = {
  internet: [{ cidr: "0.0.0.0/0", except: privateRanges }],
  "google-front-end": [{ cidr: "130.211.0.0/22" }, { cidr: "35.191.0.0/16" }],
  "node-dns": nodeDns.map((cidr) => ({ cidr })),
  private: privateRanges.map((cidr) => ({ cidr, except: nodeDns })),
};

/** Pods that no file here describes: a cluster's own, an operator's, and strangers without labels. */
const others: readonly Pods[] = [
  pods("kube-system", "kube-dns", { "k8s-app": "kube-dns" }),
  pods("kube-system", "node-local-dns", { "k8s-app": "node-local-dns" }),
  pods("monitoring", "prometheus", { "app.kubernetes.io/name": "prometheus" }),
  pods("default", "stranger", {}),
];

const { targets } = readFleet(repository);
const renderings = await renderTargets(repository, targets);

/**
 * The edges of a namespace, by all that an environment's targets say. A pod without labels stands
 * in it as `stranger`; `made` are the pods that programs make at run time, there or in a namespace of
 * their own. `callers` are namespaces of others by their labels, with a pod `client` in each.
 */
export function edgesIn(
  environment: string,
  namespace: string,
  made: readonly (Pick<Pods, "name" | "labels"> & Partial<Pick<Pods, "namespace">>)[] = [],
  callers: Network["namespaces"] = new Map(),
): string[] {
  const resources = renderings
    .filter(({ target }) => target.environment === environment)
    .flatMap((rendering) => rendering.resources);
  const manifests = resources.map(({ manifest }) => manifest);
  const unwritten: typeof made = [{ name: "stranger", labels: {} }, ...made];
  const network = {
    pods: [
      ...podsOf(resources),
      ...others,
      ...unwritten.map((one) => pods(one.namespace ?? namespace, one.name, one.labels)),
      ...[...callers.keys()].map((name) => pods(name, "client", {})),
    ],
    policies: networkPoliciesOf(manifests),
    namespaces: new Map([...namespaceLabels(manifests), ...callers]),
    ranges,
  };
  return edgesOf(network, namespace);
}

/** The edges of a namespace by objects that a test brings together: upstream's, and Pods that no file describes. */
export function edgesAmong(resources: readonly Resource[], namespace: string): string[] {
  const manifests = resources.map(({ manifest }) => manifest);
  const network = {
    pods: [...podsOf(resources), ...others, pods(namespace, "stranger", {})],
    policies: networkPoliciesOf(manifests),
    namespaces: namespaceLabels(manifests),
    ranges,
  };
  return edgesOf(network, namespace);
}

/** What every pod of a namespace may do: look names up. */
export function dnsEdges(names: readonly string[]): string[] {
  const servers = ["kube-system/kube-dns", "kube-system/node-local-dns", "node-dns"];
  return names.flatMap((name) => servers.map((server) => `${name} -> ${server}: TCP 53, UDP 53`));
}

function pods(namespace: string, name: string, labels: Pods["labels"]): Pods {
  return { namespace, name, labels, ports: [] };
}
