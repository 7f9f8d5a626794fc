import { addressesOf, type IpBlock, printAddresses } from "./addresses.ts";
import { difference, type Interval, type Intervals, intersection, union } from "./intervals.ts";
import type { Pods } from "./pods.ts";
import {
  allowedPorts,
  type Direction,
  ipBlocksOf,
  type NetworkPolicy,
  type Peer,
} from "./policy.ts";
import { bothOf, printPorts } from "./ports.ts";

/** All that decides who reaches whom. */
export type Network = {
  readonly pods: readonly Pods[];
  readonly policies: readonly NetworkPolicy[];
  /** The labels that namespaces have, without the one that says their name. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Addresses outside of the cluster by a name; where two hold an address, the first counts. */
  readonly ranges: Readonly<Record<string, readonly IpBlock[]>>;
};

/**
 * Who may open a connection to whom, at which ports, as sorted lines: `backend -> postgres: TCP 5432`.
 * One end is in the namespace, where pods go by their own name. Both ends must allow it.
 */
export function edgesOf(network: Network, namespace: string): string[] {
  const inside = network.pods.filter((pods) => pods.namespace === namespace);
  const between = network.pods.flatMap((from) =>
    network.pods
      .filter((to) => inside.includes(from) || inside.includes(to))
      .map((to) =>
        edge(nameIn(namespace, from), nameIn(namespace, to), portsBetween(network, from, to)),
      ),
  );
  const toOutside = inside.flatMap((pods) =>
    outsidePorts(network, "egress", pods).map(([range, ports]) => edge(pods.name, range, ports)),
  );
  const fromOutside = inside.flatMap((pods) =>
    outsidePorts(network, "ingress", pods).map(([range, ports]) => edge(range, pods.name, ports)),
  );
  return [...new Set([...between, ...toOutside, ...fromOutside].flat())].sort();
}

function edge(from: string, to: string, ports: string): string[] {
  return ports === "" ? [] : [`${from} -> ${to}: ${ports}`];
}

function nameIn(namespace: string, pods: Pods): string {
  return pods.namespace === namespace ? pods.name : `${pods.namespace}/${pods.name}`;
}

function portsBetween(network: Network, from: Pods, to: Pods): string {
  const { policies } = network;
  return printPorts(
    bothOf(
      allowedPorts(policies, "egress", from, peerOf(network, to)),
      allowedPorts(policies, "ingress", to, peerOf(network, from)),
    ),
  );
}

function peerOf({ namespaces }: Network, pods: Pods): Peer {
  return {
    pods,
    namespaceLabels: {
      ...namespaces.get(pods.namespace),
      "kubernetes.io/metadata.name": pods.namespace,
    },
  };
}

/**
 * Ranges with the ports that pods may use there, or be reached from there. A range gets its name
 * where all of it is allowed in one way; what has no such name goes by its addresses.
 */
function outsidePorts(
  { policies, ranges }: Network,
  direction: Direction,
  pods: Pods,
): [range: string, ports: string][] {
  const blocks = [...ipBlocksOf(policies), ...Object.values(ranges).flat()];
  const open = Map.groupBy(piecesOf(blocks), (addresses) =>
    printPorts(allowedPorts(policies, direction, pods, { addresses })),
  );
  open.delete("");
  return [...open].flatMap(([ports, pieces]) =>
    namesOf(union(pieces), ranges).map((name): [string, string] => [name, ports]),
  );
}

/** The names that cover some addresses, the first that fits first, and then whatever is left. */
function namesOf(addresses: Intervals, ranges: Network["ranges"]): string[] {
  let rest = addresses;
  const names = Object.entries(ranges).flatMap(([name, blocks]) => {
    const range = addressesOf(blocks);
    const isNews = intersection(rest, range).length > 0;
    if (!isNews || difference(range, addresses).length > 0) return [];
    rest = difference(rest, range);
    return [name];
  });
  return [...names, ...rest.map(printAddresses)];
}

/** All addresses, cut wherever a block begins or ends: no block holds only a part of a piece. */
function piecesOf(blocks: readonly IpBlock[]): Interval[] {
  const starts = blocks
    .flatMap((block) => addressesOf([block]))
    .flatMap(({ first, last }) => [first, last + 1]);
  const sorted = [...new Set([0, ...starts, 2 ** 32])].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => ({ first: sorted[index] ?? 0, last: end - 1 }));
}
