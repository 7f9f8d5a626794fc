import { describe, expect, it } from "vitest";
import { podTemplateOf } from "../../policies/workload.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { list, mapping, text, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

type Labels = Readonly<Record<string, unknown>>;

const targets = readFleet(repository).targets.filter(
  ({ app, directory }) => app === "ml-inference" && directory.startsWith("overlays/"),
);
const renderings = await renderTargets(repository, targets);

/** What the operators write on the pods that they make. */
const ofOperators: Readonly<Record<string, Labels>> = {
  postgresql: { "cnpg.io/cluster": "postgresql", "cnpg.io/podRole": "instance" },
  rabbitmq: { "app.kubernetes.io/component": "rabbitmq", "app.kubernetes.io/part-of": "rabbitmq" },
};

/** Everything that a pod of the system listens on. */
const ports = [4195, 4369, 5432, 5672, 6379, 8000, 8080, 9121, 9187, 15672, 15692, 25672];

describe.each(renderings)("in $target.environment", ({ resources }) => {
  const pods = podsOf(resources);

  it("programs reach each other where the system needs it and nowhere else", () => {
    const edges = Object.keys(pods).flatMap((from) =>
      Object.keys(pods).flatMap((to) =>
        ports
          .filter((port) => leaves(resources, pods, from, to, port))
          .filter((port) => enters(resources, pods, from, to, port))
          .map((port) => `${from} to ${to} ${port}`),
      ),
    );
    expect(edges.sort()).toEqual(
      [
        "api-gateway to postgresql 5432",
        "api-gateway to rabbitmq 5672",
        "api-gateway to redis 6379",
        "api-service to postgresql 5432",
        "api-service to redis 6379",
        "ml-db-init to postgresql 5432",
        "ml-worker to ml-inference 8080",
        "ml-worker to postgresql 5432",
        "ml-worker to rabbitmq 5672",
        "postgresql to postgresql 5432",
        "postgresql to postgresql 8000",
        "rabbitmq to rabbitmq 25672",
        "rabbitmq to rabbitmq 4369",
        "results-collector to postgresql 5432",
        "results-collector to rabbitmq 5672",
        "results-collector to redis 6379",
      ].sort(),
    );
  });

  it("others reach the system where they scrape, ask or route, and nowhere else", () => {
    const edges = policiesOf(resources, "ingress").flatMap(({ selector, rules }) =>
      rules.flatMap(({ peers, ports: open }) =>
        peers.flatMap((peer) => {
          const from = nameOutside(peer);
          if (from === undefined) return [];
          const to = Object.keys(pods).filter((name) => isSelected(selector, pods[name] ?? {}));
          return open.flatMap((port) => to.map((name) => `${from} to ${name} ${port}`));
        }),
      ),
    );
    expect([...new Set(edges)].sort()).toEqual(
      [
        "edge to api-gateway 4195",
        "edge to api-service 8080",
        "cnpg-system to postgresql 5432",
        "cnpg-system to postgresql 8000",
        "keda to rabbitmq 15672",
        "rabbitmq-system to rabbitmq 15672",
        "monitoring to api-gateway 4195",
        "monitoring to api-service 8080",
        "monitoring to ml-worker 4195",
        "monitoring to results-collector 4195",
        "monitoring to ml-inference 8000",
        "monitoring to postgresql 9187",
        "monitoring to rabbitmq 15692",
        "monitoring to redis 9121",
      ].sort(),
    );
  });

  it("names apart, only the model's hub and the API server are asked outside of the cluster", () => {
    const outside = policiesOf(resources, "egress").flatMap(({ selector, rules }) =>
      rules.flatMap(({ peers, ports: open }) =>
        peers.some((peer) => mapping(peer).ipBlock !== undefined)
          ? Object.keys(pods)
              .filter((name) => isSelected(selector, pods[name] ?? {}))
              .flatMap((name) =>
                open.filter((port) => port !== 53).map((port) => `${name} ${port}`),
              )
          : [],
      ),
    );
    expect(outside.sort()).toEqual(["ml-inference 443", "postgresql 443", "rabbitmq 443"]);
  });
});

/** Every pod of the system by name, with its labels. */
function podsOf(resources: readonly Resource[]): Readonly<Record<string, Labels>> {
  const own = resources.flatMap((resource) => {
    const template = podTemplateOf(resource);
    return template ? [[resource.manifest.metadata.name, template.labels] as const] : [];
  });
  return { ...Object.fromEntries(own), ...ofOperators };
}

type Rule = { readonly peers: readonly unknown[]; readonly ports: readonly number[] };

/** The policies about one direction, each with the pods that it is about. */
function policiesOf(resources: readonly Resource[], direction: "ingress" | "egress") {
  return resources
    .filter(({ manifest }) => manifest.kind === "NetworkPolicy")
    .map(({ manifest: { spec } }) => ({
      selector: mapping(spec).podSelector,
      rules: list(mapping(spec)[direction]).map(
        (rule): Rule => ({
          peers: list(mapping(rule)[direction === "ingress" ? "from" : "to"]),
          ports: list(mapping(rule).ports).map((port) => Number(mapping(port).port)),
        }),
      ),
    }));
}

type Pods = Readonly<Record<string, Labels>>;

function leaves(all: readonly Resource[], pods: Pods, from: string, to: string, port: number) {
  return isOpen(all, "egress", pods[from] ?? {}, pods[to] ?? {}, port);
}

function enters(all: readonly Resource[], pods: Pods, from: string, to: string, port: number) {
  return isOpen(all, "ingress", pods[to] ?? {}, pods[from] ?? {}, port);
}

function isOpen(
  resources: readonly Resource[],
  direction: "ingress" | "egress",
  subject: Labels,
  peer: Labels,
  port: number,
): boolean {
  return policiesOf(resources, direction).some(
    ({ selector, rules }) =>
      isSelected(selector, subject) &&
      rules.some(
        ({ peers, ports: open }) =>
          open.includes(port) &&
          peers.some(
            (one) =>
              mapping(one).namespaceSelector === undefined &&
              mapping(one).podSelector !== undefined &&
              isSelected(mapping(one).podSelector, peer),
          ),
      ),
  );
}

function isSelected(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = mapping(selector);
  return (
    Object.entries(mapping(matchLabels)).every(([key, value]) => labels[key] === value) &&
    list(matchExpressions).every((one) => {
      const { key, operator, values } = mapping(one);
      if (operator !== "In") throw new Error(`The test knows no operator "${operator}"`);
      return list(values).includes(labels[text(key) ?? ""]);
    })
  );
}

/** The namespace of a peer that is not of the system, or what an address stands for. */
function nameOutside(peer: unknown): string | undefined {
  if (mapping(peer).ipBlock !== undefined) return "edge";
  return text(valueAt(peer, ["namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"]));
}
