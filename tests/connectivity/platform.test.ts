import { describe, expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";
import { applicationsIn, upstreamOf } from "../support/upstream.ts";
import { dnsEdges, edgesAmong } from "./network.ts";

/** The namespaces of operators, without what `clients` may do. */
const operators: Readonly<Record<string, readonly string[]>> = {
  "cert-manager": [
    "kube-system/konnectivity-agent -> cert-manager-webhook: TCP 10250",
    ...scraped("cert-manager", "TCP 9402"),
    ...scraped("cert-manager-cainjector", "TCP 9402"),
    ...scraped("cert-manager-webhook", "TCP 9402"),
    // ACME and Google's APIs, name servers of the zone, and GKE's metadata server at two addresses.
    "cert-manager -> kube-system/kube-dns: TCP 53, UDP 53",
    "cert-manager -> kube-system/node-local-dns: TCP 53, UDP 53",
    "cert-manager -> internet: TCP 53+443, UDP 53",
    "cert-manager -> 10.0.0.0-10.255.255.255: TCP 53+443, UDP 53",
    "cert-manager -> 100.64.0.0-100.127.255.255: TCP 53+443, UDP 53",
    "cert-manager -> 172.16.0.0-172.31.255.255: TCP 53+443, UDP 53",
    "cert-manager -> 192.168.0.0-192.168.255.255: TCP 53+443, UDP 53",
    "cert-manager -> 169.254.0.0-169.254.169.251: TCP 53+443, UDP 53",
    "cert-manager -> 169.254.169.252: TCP 53+443+988, UDP 53",
    "cert-manager -> 169.254.169.253: TCP 53+443, UDP 53",
    "cert-manager -> 169.254.169.254: TCP 53+80+443, UDP 53",
    "cert-manager -> 169.254.169.255-169.254.255.255: TCP 53+443, UDP 53",
    ...clients("cert-manager-cainjector", "cert-manager-webhook", "stranger"),
  ],
  "cnpg-system": [
    "kube-system/konnectivity-agent -> cnpg-controller-manager: TCP 9443",
    ...scraped("cnpg-controller-manager", "TCP 8080"),
    "cnpg-controller-manager -> systems/postgresql: TCP 5432+8000",
    ...clients("cnpg-controller-manager", "stranger"),
  ],
  keda: [
    "kube-system/konnectivity-agent -> keda-admission: TCP 9443",
    "kube-system/konnectivity-agent -> keda-metrics-apiserver: TCP 6443",
    ...scraped("keda-admission", "TCP 8080"),
    ...scraped("keda-metrics-apiserver", "TCP 8080"),
    ...scraped("keda-operator", "TCP 8080"),
    "keda-metrics-apiserver -> keda-operator: TCP 9666",
    "keda-operator -> monitoring/prometheus: TCP 9090",
    "keda-operator -> systems/rabbitmq: TCP 15672",
    ...clients("keda-admission", "keda-metrics-apiserver", "keda-operator", "stranger"),
  ],
  "prometheus-operator": [
    ...scraped("prometheus-operator", "TCP 8080"),
    ...clients("prometheus-operator", "stranger"),
  ],
  "rabbitmq-system": [
    "kube-system/konnectivity-agent -> messaging-topology-operator: TCP 9443",
    ...scraped("messaging-topology-operator", "TCP 8443"),
    ...scraped("rabbitmq-cluster-operator", "TCP 8080"),
    "messaging-topology-operator -> systems/rabbitmq: TCP 15672",
    ...clients("messaging-topology-operator", "rabbitmq-cluster-operator", "stranger"),
  ],
  "sealed-secrets": [
    // kubeseal asks for the certificate through the API server.
    "kube-system/konnectivity-agent -> sealed-secrets: TCP 8080",
    ...scraped("sealed-secrets", "TCP 8081"),
    ...clients("sealed-secrets", "stranger"),
  ],
};

const monitoring = [
  "google-front-end -> grafana: TCP 3000",
  "keda/keda-operator -> prometheus: TCP 9090",
  "grafana -> prometheus: TCP 9090",
  "prometheus -> alertmanager: TCP 8080+9093",
  "prometheus -> blackbox-exporter: TCP 9115",
  "prometheus -> grafana: TCP 3000",
  "prometheus -> kube-state-metrics: TCP 8080-8081",
  "prometheus -> prometheus: TCP 8080+9090",
  "alertmanager -> alertmanager: TCP 9094, UDP 9094",
  // Receivers are outside.
  "alertmanager -> internet: TCP 443",
  ...dnsEdges(["alertmanager", "stranger"]),
  "blackbox-exporter -> node-dns: TCP 53, UDP 53",
  ...clients("grafana", "kube-state-metrics"),
  // The API server, and kubelets at the addresses of their nodes.
  "prometheus -> internet: TCP 443",
  "prometheus -> 10.0.0.0-10.255.255.255: TCP 443+10250",
  "prometheus -> 100.64.0.0-100.127.255.255: TCP 443+10250",
  "prometheus -> 172.16.0.0-172.31.255.255: TCP 443+10250",
  "prometheus -> 192.168.0.0-192.168.255.255: TCP 443+10250",
  "prometheus -> 169.254.0.0-169.254.20.9: TCP 443",
  "prometheus -> 169.254.20.11-169.254.169.253: TCP 443",
  "prometheus -> 169.254.169.255-169.254.255.255: TCP 443",
  "prometheus -> node-dns: TCP 53+443, UDP 53",
];

/** Argo CD with one Redis, and with several behind a proxy. */
const argocd = (redis: string, port: string) => [
  ...["application-controller", "repo-server", "server"].map(
    (name) => `argocd-${name} -> ${redis}: ${port}`,
  ),
  ...[
    "application-controller",
    "applicationset-controller",
    "notifications-controller",
    "server",
  ].map((name) => `argocd-${name} -> argocd-repo-server: TCP 8081`),
  "argocd-server -> argocd-dex-server: TCP 5556-5557",
  ...scraped("argocd-application-controller", "TCP 8082"),
  ...scraped("argocd-applicationset-controller", "TCP 8080"),
  ...scraped("argocd-dex-server", "TCP 5558"),
  ...scraped("argocd-notifications-controller", "TCP 9001"),
  ...scraped("argocd-repo-server", "TCP 8084"),
  ...scraped("argocd-server", "TCP 8083"),
  ...clients(
    "argocd-application-controller",
    "argocd-applicationset-controller",
    "argocd-dex-server",
    "argocd-notifications-controller",
    "argocd-server",
    "stranger",
    redis,
  ),
  // Git by HTTPS and by SSH.
  "argocd-repo-server -> internet: TCP 22+443",
  "argocd-repo-server -> private: TCP 22+443",
  "argocd-repo-server -> node-dns: TCP 22+53+443, UDP 53",
  "argocd-repo-server -> kube-system/kube-dns: TCP 53, UDP 53",
  "argocd-repo-server -> kube-system/node-local-dns: TCP 53, UDP 53",
];

const highAvailability = [
  ...argocd("argocd-redis-ha-haproxy", "TCP 6379+26379"),
  ...scraped("argocd-redis-ha-haproxy", "TCP 9101"),
  "argocd-redis-ha-haproxy -> argocd-redis-ha-server: TCP 6379+26379",
  "argocd-redis-ha-server -> argocd-redis-ha-server: TCP 6379+26379",
  // Upstream's policy lets it ask any server for names.
  "argocd-redis-ha-server -> internet: TCP 53+443, UDP 53",
  "argocd-redis-ha-server -> private: TCP 53+443, UDP 53",
  "argocd-redis-ha-server -> node-dns: TCP 53+443, UDP 53",
  ...[
    "default/stranger",
    "kube-system/konnectivity-agent",
    "kube-system/kube-dns",
    "kube-system/node-local-dns",
  ].map((name) => `argocd-redis-ha-server -> ${name}: TCP 53, UDP 53`),
];

const own = await renderTargets(repository, readFleet(repository).targets);

describe.each(["dev", "staging", "prod"])("in %s", async (environment) => {
  const systems = environment === "prod" ? "ml-inference" : `ml-inference-${environment}`;
  const applications = await applicationsIn(environment);
  const everything = [
    ...own
      .filter(({ target }) => target.environment === environment)
      .flatMap(({ resources }) => resources),
    ...(await Promise.all(applications.map(upstreamOf))).flat(),
    // The API server's calls to a webhook come from here.
    pod("kube-system", "konnectivity-agent", { "k8s-app": "konnectivity-agent" }),
    pod("monitoring", "alertmanager", { "app.kubernetes.io/name": "alertmanager" }),
    pod(systems, "postgresql", { "cnpg.io/podRole": "instance", "cnpg.io/cluster": "postgresql" }),
    pod(systems, "rabbitmq", {
      "app.kubernetes.io/component": "rabbitmq",
      "app.kubernetes.io/part-of": "rabbitmq",
    }),
  ];

  it.each(Object.entries(operators))("exactly these reach each other in %s", (namespace, edges) => {
    const expected = edges.map((edge) => edge.replace("systems/", `${systems}/`));
    expect(edgesAmong(everything, namespace)).toEqual(expected.sort());
  });

  it("exactly these reach each other in argocd", () => {
    const edges = environment === "prod" ? highAvailability : argocd("argocd-redis", "TCP 6379");
    expect(edgesAmong(everything, "argocd")).toEqual(edges.toSorted());
  });

  it("exactly these reach each other in monitoring; whom it scrapes is said where that stands", () => {
    const scraping = /^(prometheus|blackbox-exporter) -> \S+\//;
    const edges = edgesAmong(everything, "monitoring").filter((edge) => !scraping.test(edge));
    expect(edges).toEqual(monitoring.toSorted());
  });

  it("nothing but names can be reached from gateway", () => {
    expect(edgesAmong(everything, "gateway")).toEqual(dnsEdges(["stranger"]));
  });
});

/** What a client of the API server may do, whose address git does not know: 443 anywhere, and names. */
function clients(...names: readonly string[]): string[] {
  return names.flatMap((name) => [
    `${name} -> internet: TCP 443`,
    `${name} -> private: TCP 443`,
    `${name} -> node-dns: TCP 53+443, UDP 53`,
    `${name} -> kube-system/kube-dns: TCP 53, UDP 53`,
    `${name} -> kube-system/node-local-dns: TCP 53, UDP 53`,
  ]);
}

function scraped(name: string, port: string): string[] {
  return [`monitoring/prometheus -> ${name}: ${port}`];
}

/** Pods that no file describes, by the labels that others give them. */
function pod(namespace: string, name: string, labels: Readonly<Record<string, string>>): Resource {
  return {
    target: { environment: "", app: name, directory: "" },
    manifest: { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels } },
    placeOf: () => ({ file: "" }),
  };
}
