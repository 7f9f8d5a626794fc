import { loadAll } from "js-yaml";
import { expect, it } from "vitest";
import { edgesOf, type Network } from "../../scripts/connectivity/edges.ts";
import { namespaceLabels, podsOf } from "../../scripts/connectivity/pods.ts";
import { networkPoliciesOf } from "../../scripts/connectivity/policy.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";

const world = { world: [{ cidr: "0.0.0.0/0" }] };
const lan = {
  lan: [{ cidr: "10.0.0.0/8" }],
  world: [{ cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] }],
};

it("edgesOf() lets everybody reach everybody where no policy selects a pod", () => {
  expect(edges([pod("web"), pod("db")])).toEqual([
    "db -> db: any",
    "db -> web: any",
    "db -> world: any",
    "web -> db: any",
    "web -> web: any",
    "web -> world: any",
    "world -> db: any",
    "world -> web: any",
  ]);
});

it("edgesOf() lets nobody reach anybody under a policy that denies both directions", () => {
  expect(edges([pod("web"), pod("db"), denyAll])).toEqual([]);
});

it("edgesOf() needs the leave of both ends", () => {
  const out = policy("web", "egress: [{ to: [{ podSelector: { matchLabels: { app: db } } }] }]");
  const into = policy(
    "db",
    "ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]",
  );
  expect(edges([pod("web"), pod("db"), denyAll, out])).toEqual([]);
  expect(edges([pod("web"), pod("db"), denyAll, into])).toEqual([]);
  expect(edges([pod("web"), pod("db"), denyAll, out, into])).toEqual(["web -> db: any"]);
});

it("edgesOf() tells the ports that both ends let through", () => {
  const out = policy(
    "web",
    "egress: [{ to: [{ podSelector: {} }], ports: [{ port: 5000, endPort: 5999 }] }]",
  );
  const into = policy(
    "db",
    "ingress: [{ ports: [{ port: 5432 }, { port: 6000 }, { protocol: UDP }] }]",
  );
  expect(edges([pod("web"), pod("db"), denyAll, out, into])).toEqual([
    "web -> db: TCP 5432",
    "world -> db: TCP 5432+6000, UDP 1-65535",
  ]);
});

it("edgesOf() adds up what several policies and rules allow", () => {
  const first = policy("db", "ingress: [{ ports: [{ port: 1 }] }, { ports: [{ port: 2 }] }]");
  const second = policy("db", "ingress: [{ ports: [{ port: 4 }] }]");
  expect(edges([pod("db"), denyAll, first, second])).toEqual(["world -> db: TCP 1-2+4"]);
});

it("edgesOf() reads a port's name at the destination, in either direction", () => {
  const named = (direction: string) =>
    `${direction}: [{ ports: [{ port: sql }, { port: nowhere }] }]`;
  const both = [policy("web", named("egress")), policy("db", named("ingress"))];
  expect(edges([pod("web"), pod("db", "sql", 5432), denyAll, ...both])).toEqual([
    "web -> db: TCP 5432",
    "world -> db: TCP 5432",
  ]);
});

it("edgesOf() tells namespaces apart by their labels, with the name that each has", () => {
  const from = (peer: string) => policy("db", `ingress: [{ from: [${peer}] }]`);
  const others = [
    pod("web"),
    pod("web", "http", 80, "one"),
    pod("job", "http", 80, "one"),
    pod("web", "http", 80, "two"),
    "{ apiVersion: v1, kind: Namespace, metadata: { name: two, labels: { tier: front } } }",
  ];
  const reaching = (peer: string) =>
    edges([pod("db"), ...others, denyAll, from(peer)])
      .filter((edge) => edge.includes("-> db") && !edge.startsWith("db"))
      .map((edge) => edge.replace(" -> db: any", ""));
  expect(reaching("{ podSelector: { matchLabels: { app: web } } }")).toEqual([]);
  expect(reaching("{ namespaceSelector: {} }")).toEqual(["one/job", "one/web", "two/web"]);
  expect(reaching("{ namespaceSelector: { matchLabels: { tier: front } } }")).toEqual(["two/web"]);
  const name = "matchLabels: { kubernetes.io/metadata.name: one }";
  expect(reaching(`{ namespaceSelector: { ${name} } }`)).toEqual(["one/job", "one/web"]);
  const web = "podSelector: { matchLabels: { app: web } }";
  expect(reaching(`{ namespaceSelector: { ${name} }, ${web} }`)).toEqual(["one/web"]);
  expect(reaching(`{ namespaceSelector: { ${name} } }, { ${web} }`)).toEqual([
    "one/job",
    "one/web",
  ]);
});

it("edgesOf() takes a range for addresses outside, never for pods", () => {
  const all = policy(
    "web",
    "egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }]",
  );
  expect(edges([pod("web"), pod("db"), all], lan)).toEqual([
    "db -> db: any",
    "db -> lan: any",
    "db -> web: any",
    "db -> world: any",
    "lan -> db: any",
    "lan -> web: any",
    "web -> lan: TCP 443",
    "web -> world: TCP 443",
    "world -> db: any",
    "world -> web: any",
  ]);
});

it("edgesOf() tells a range by its addresses where only a part of it is allowed", () => {
  const block = "{ cidr: 10.0.0.0/8, except: [10.0.0.0/9, 10.200.0.1/32] }";
  const out = policy("web", `egress: [{ to: [{ ipBlock: ${block} }] }]`);
  expect(edges([pod("web"), denyAll, out], lan)).toEqual([
    "web -> 10.128.0.0-10.200.0.0: any",
    "web -> 10.200.0.2-10.255.255.255: any",
  ]);
});

it("edgesOf() tells a range by the first name under which all of it is allowed in one way", () => {
  const front = { ipBlock: { cidr: "10.0.0.0/8" } };
  const out = policy("web", "egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]");
  const into = policy("web", `ingress: [{ from: [${JSON.stringify(front)}] }]`);
  const ranges = { ...world, front: [front.ipBlock] };
  expect(edges([pod("web"), denyAll, out, into], ranges)).toEqual([
    "front -> web: any",
    "web -> world: any",
  ]);
});

it("edgesOf() takes a policy without types for one about ingress, and about egress where it has rules", () => {
  const typeless = (rules: string) => policy("web", rules, "");
  expect(edges([pod("web"), typeless("ingress: []")])).toEqual(["web -> world: any"]);
  expect(edges([pod("web"), typeless("egress: [{ ports: [{ port: 53 }] }]")])).toEqual([
    "web -> world: TCP 53",
  ]);
});

it("edgesOf() refuses a range that is not of IPv4", () => {
  const six = policy("web", 'egress: [{ to: [{ ipBlock: { cidr: "fd00::/8" } }] }]');
  expect(() => edges([pod("web"), six])).toThrow('Cannot read "fd00::/8" as a range');
});

const denyAll = policy("", "ingress: [], egress: []");

function edges(documents: readonly string[], ranges: Network["ranges"] = world): string[] {
  const manifests = loadAll(documents.join("\n---\n")) as Manifest[];
  const target = { app: "app", environment: "dev", directory: "overlays/dev/app" };
  const resources = manifests.map((manifest) => ({
    target,
    manifest,
    placeOf: () => ({ file: "" }),
  }));
  const network = {
    pods: podsOf(resources),
    policies: networkPoliciesOf(manifests),
    namespaces: namespaceLabels(manifests),
    ranges,
  };
  return edgesOf(network, "here");
}

function pod(app: string, portName = "http", port = 80, namespace = "here"): string {
  const metadata = `metadata: { name: ${app}, namespace: ${namespace}, labels: { app: ${app} } }`;
  const ports = `ports: [{ name: ${portName}, containerPort: ${port} }]`;
  return `{ apiVersion: v1, kind: Pod, ${metadata}, spec: { containers: [{ name: it, ${ports} }] } }`;
}

function policy(app: string, rules: string, types?: string): string {
  const selector = app === "" ? "{}" : `{ matchLabels: { app: ${app} } }`;
  const directions = rules
    .match(/\b(?:in|e)gress(?=:)/g)
    ?.map((one) => (one === "ingress" ? "Ingress" : "Egress"));
  const policyTypes = types ?? `policyTypes: [${directions?.join(", ")}],`;
  return `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: one, namespace: here }, spec: { podSelector: ${selector}, ${policyTypes} ${rules} } }`;
}
