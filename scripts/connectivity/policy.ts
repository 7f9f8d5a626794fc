import { type Selector, selects } from "../../policies/selector.ts";
import { objectsIn } from "../../policies/values.ts";
import type { Manifest } from "../fleet/resource.ts";
import { mapping } from "../yaml/value.ts";
import { addressesOf, type IpBlock } from "./addresses.ts";
import { type Interval, intersection } from "./intervals.ts";
import type { Pods } from "./pods.ts";
import { allPorts, anyOf, type NamedPort, type PolicyPort, type Ports, portsOf } from "./ports.ts";

/** Who is at the other end: pods, or addresses that no pod has. */
export type Peer =
  | { readonly pods: Pods; readonly namespaceLabels: Readonly<Record<string, string>> }
  | { readonly addresses: Interval };

export type Direction = "ingress" | "egress";

/** A NetworkPolicy, as far as it decides who reaches whom. */
export type NetworkPolicy = {
  readonly namespace: string;
  readonly podSelector: Selector;
  readonly directions: readonly Direction[];
  readonly rules: Readonly<Record<Direction, readonly Rule[]>>;
};

type Rule = { readonly peers: readonly PolicyPeer[]; readonly ports: readonly PolicyPort[] };

type PolicyPeer = {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: IpBlock;
};

/** The NetworkPolicies among rendered objects. */
export function networkPoliciesOf(manifests: readonly Manifest[]): NetworkPolicy[] {
  return manifests
    .filter(({ kind }) => kind === "NetworkPolicy")
    .map(({ metadata, spec }) => {
      const { podSelector, policyTypes, ingress, egress } = mapping(spec);
      const rules = { ingress: rulesOf(ingress, "from"), egress: rulesOf(egress, "to") };
      return {
        namespace: metadata.namespace ?? "default",
        podSelector: mapping(podSelector),
        directions: directionsOf(policyTypes, rules.egress),
        rules,
      };
    });
}

/**
 * What the policies about some pods let through between them and a peer. Where no policy of a
 * direction selects them, everything; otherwise what any rule of any such policy allows.
 */
export function allowedPorts(
  policies: readonly NetworkPolicy[],
  direction: Direction,
  pods: Pods,
  peer: Peer,
): Ports {
  const about = policies.filter(
    ({ namespace, podSelector, directions }) =>
      namespace === pods.namespace &&
      directions.includes(direction) &&
      selects(podSelector, pods.labels),
  );
  if (about.length === 0) return allPorts;
  const named = direction === "ingress" ? pods.ports : namedPortsOf(peer);
  return anyOf(
    about.flatMap(({ namespace, rules }) =>
      rules[direction]
        .filter(
          ({ peers }) => peers.length === 0 || peers.some((one) => isPeer(one, peer, namespace)),
        )
        .map(({ ports }) => portsOf(ports, named)),
    ),
  );
}

/** Every range that the policies name. */
export function ipBlocksOf(policies: readonly NetworkPolicy[]): IpBlock[] {
  return policies.flatMap(({ rules }) =>
    [...rules.ingress, ...rules.egress].flatMap(({ peers }) =>
      peers.flatMap(({ ipBlock }) => ipBlock ?? []),
    ),
  );
}

/**
 * Selectors select pods and ranges select addresses that are no pod's: GKE's Dataplane V2 knows a
 * pod by its labels only, and a range that holds its address does not let it through.
 */
function isPeer(
  { podSelector, namespaceSelector, ipBlock }: PolicyPeer,
  peer: Peer,
  namespace: string,
): boolean {
  if ("addresses" in peer) {
    return (
      ipBlock !== undefined && intersection(addressesOf([ipBlock]), [peer.addresses]).length > 0
    );
  }
  if (ipBlock !== undefined) return false;
  const inNamespace =
    namespaceSelector === undefined
      ? peer.pods.namespace === namespace
      : selects(namespaceSelector, peer.namespaceLabels);
  return inNamespace && selects(podSelector ?? {}, peer.pods.labels);
}

function namedPortsOf(peer: Peer): readonly NamedPort[] {
  return "pods" in peer ? peer.pods.ports : [];
}

/** Unless it is said, a policy is about ingress, and about egress where it has rules for it. */
function directionsOf(policyTypes: unknown, egress: readonly Rule[]): Direction[] {
  if (!Array.isArray(policyTypes)) return egress.length > 0 ? ["ingress", "egress"] : ["ingress"];
  return (["ingress", "egress"] as const).filter((direction) =>
    policyTypes.some((type) => String(type).toLowerCase() === direction),
  );
}

function rulesOf(value: unknown, side: "from" | "to"): Rule[] {
  return [...objectsIn(value as Readonly<Record<string, unknown>>[] | undefined)].map(
    ([, rule]) => ({
      peers: [...objectsIn(rule[side] as PolicyPeer[] | undefined)].map(([, peer]) => peer),
      ports: [...objectsIn(rule.ports as PolicyPort[] | undefined)].map(([, port]) => port),
    }),
  );
}
