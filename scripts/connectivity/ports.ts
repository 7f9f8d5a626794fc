import { type Intervals, intersection, union } from "./intervals.ts";

/** Ports by protocol. */
export type Ports = Readonly<Record<Protocol, Intervals>>;

/** A port of a rule; without a number every port of its protocol. */
export type PolicyPort = {
  readonly protocol?: Protocol;
  readonly port?: number | string;
  readonly endPort?: number;
};

/** A port that a container gives a name. */
export type NamedPort = {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
};

type Protocol = (typeof protocols)[number];

const protocols = ["TCP", "UDP", "SCTP"] as const;
const everyPort: Intervals = [{ first: 1, last: 65_535 }];

/** What a rule without `ports` lets through. */
export const allPorts: Ports = byProtocol(() => everyPort);

/** What a rule lets through; a name stands for the ports that the destination gives that name. */
export function portsOf(rule: readonly PolicyPort[], named: readonly NamedPort[]): Ports {
  if (rule.length === 0) return allPorts;
  return byProtocol((protocol) =>
    union(
      rule
        .filter((one) => (one.protocol ?? "TCP") === protocol)
        .flatMap(({ port, endPort }): Intervals => {
          if (port === undefined) return everyPort;
          if (typeof port === "number") return [{ first: port, last: endPort ?? port }];
          return named
            .filter((one) => one.name === port && one.protocol === protocol)
            .map((one) => ({ first: one.port, last: one.port }));
        }),
    ),
  );
}

/** What any of several rules lets through. */
export function anyOf(rules: readonly Ports[]): Ports {
  return byProtocol((protocol) => union(rules.flatMap((ports) => ports[protocol])));
}

/** What gets through both of two doors. */
export function bothOf(left: Ports, right: Ports): Ports {
  return byProtocol((protocol) => intersection(left[protocol], right[protocol]));
}

/** `TCP 443`, `TCP 53, UDP 53`, `any`; empty where nothing gets through. */
export function printPorts(ports: Ports): string {
  if (protocols.every((protocol) => print(ports[protocol]) === print(everyPort))) return "any";
  return protocols
    .flatMap((protocol) =>
      ports[protocol].length > 0 ? `${protocol} ${print(ports[protocol])}` : [],
    )
    .join(", ");
}

function print(intervals: Intervals): string {
  return intervals
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
    .join("+");
}

function byProtocol(ports: (protocol: Protocol) => Intervals): Ports {
  return { TCP: ports("TCP"), UDP: ports("UDP"), SCTP: ports("SCTP") };
}
