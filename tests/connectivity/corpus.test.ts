import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { printAddresses } from "../../scripts/connectivity/addresses.ts";
import { edgesOf } from "../../scripts/connectivity/edges.ts";
import { type Interval, union } from "../../scripts/connectivity/intervals.ts";
import { namespaceLabels, podsOf } from "../../scripts/connectivity/pods.ts";
import { networkPoliciesOf } from "../../scripts/connectivity/policy.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { list, mapping, text, valueAt } from "../../scripts/yaml/value.ts";
import { describeCorpus } from "../policies/corpus.ts";
import { resourcesOfFile } from "../policies/resources.ts";

/** Kinds of policies that no cluster of ours has. */
const others = ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"];

describeCorpus("netpol", ({ cases }) => {
  const ours = cases.filter(
    ({ kinds }) => !list(kinds).some((kind) => others.includes(String(kind))),
  );

  it.each(ours)("$id: computes the edges that its authors expect", ({ file, expected }) => {
    const folder = join(process.env.SLIPWAY_CORPORA ?? "", "netpol");
    const resources = readdirSync(join(folder, file), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .flatMap((name) => resourcesOfFile(join(folder, file, name)))
      .flatMap(itemsOf);
    const theirs = readFileSync(join(folder, String(expected)), "utf8");
    expect(edgesAmong(resources)).toEqual(expectedEdges(theirs));
  });

  it("is judged by all cases but those of other kinds of policies", () => {
    expect([ours.length, cases.length]).toEqual([28, 50]);
  });
});

/** What `kubectl get` prints is one list. */
function itemsOf(resource: Resource): Resource[] {
  const { apiVersion, kind, items } = resource.manifest;
  if (!kind.endsWith("List")) return [resource];
  const common = { apiVersion, kind: kind.replace(/List$/, "") };
  return list(items).map((item) => ({
    ...resource,
    manifest: { ...common, ...mapping(item) } as Resource["manifest"],
  }));
}

/** The edges of all namespaces; a workload goes by the name of its owner, and not with itself. */
function edgesAmong(resources: readonly Resource[]): string[] {
  const manifests = resources.map(({ manifest }) => manifest);
  const pods = resources.flatMap((resource) => {
    const [owner] = list(valueAt(resource.manifest, ["metadata", "ownerReferences"])).map(mapping);
    const name = owner?.kind === "Node" ? undefined : text(owner?.name);
    return podsOf([resource]).map((one) => ({ ...one, name: name ?? one.name }));
  });
  const network = {
    pods,
    policies: networkPoliciesOf(manifests),
    namespaces: namespaceLabels(manifests),
    ranges: {},
  };
  const edges = [...new Set(pods.map(({ namespace }) => namespace))].flatMap((namespace) =>
    edgesOf(network, namespace).map((edge) => {
      const [, from = "", to = "", ports = ""] = /^(.+) -> (.+?): (.+)$/.exec(edge) ?? [];
      return { from: qualified(from, namespace), to: qualified(to, namespace), ports };
    }),
  );
  return printed(edges);
}

function expectedEdges(lines: string): string[] {
  const edges = lines
    .trim()
    .split("\n")
    .filter((line) => line !== "" && !line.includes("{ingress-controller}"))
    .map((line) => {
      const [, from = "", to = "", connections = ""] =
        /^(.+)\[\w+\] => (.+)\[\w+\] : (.+)$/.exec(line) ?? [];
      const ports = connections.replace(/,(?=\d)/g, "+").split(",");
      return { from, to, ports: connections === "All Connections" ? "any" : ports.join(", ") };
    });
  const external = (name: string) => /^\d+\.\d+\.\d+\.\d+/.test(name);
  const inside = edges.filter(({ from, to }) => !external(from) && !external(to));
  const outside = edges.filter((edge) => !inside.includes(edge));
  const groups = Map.groupBy(outside, ({ from, to, ports }) =>
    external(from) ? `* ${to} ${ports}` : `${from} * ${ports}`,
  );
  const joined = [...groups.values()].flatMap((group) => {
    const ranges = group.map(({ from, to }) => readRange(external(from) ? from : to));
    return union(ranges).map((range) => {
      const [edge] = group;
      const name = printAddresses(range);
      return external(edge?.from ?? "") ? { ...edge, from: name } : { ...edge, to: name };
    });
  });
  return printed([...inside, ...(joined as typeof inside)]);
}

function printed(edges: readonly { from: string; to: string; ports: string }[]): string[] {
  const lines = edges
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, ports }) => `${from} -> ${to}: ${ports.split(", ").sort().join(", ")}`);
  return [...new Set(lines)].sort();
}

function qualified(name: string, namespace: string): string {
  return name.includes("/") || /^\d+\.\d+\.\d+\.\d+/.test(name) ? name : `${namespace}/${name}`;
}

function readRange(range: string): Interval {
  const [first = 0, last = first] = range
    .split("-")
    .map((address) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0));
  return { first, last };
}
