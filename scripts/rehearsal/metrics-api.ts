import { createServer, type Server } from "node:https";
import { quantityToScalar } from "@kubernetes/client-node/dist/util.js";
import { createServingCertificate } from "./certificates.ts";
import type { Cluster, LiveObject } from "./cluster.ts";
import type { Egress } from "./egress.ts";
import { freePorts } from "./workspace.ts";

/** Simulated containers use this share of what they request: below every autoscaler's target. */
const USED_SHARE = 0.25;

const SERVICE = { name: "metrics-server", namespace: "kube-system" };
const GROUP = "metrics.k8s.io";

/**
 * Serves the resource metrics API for simulated pods, so that the real HPA controller has something
 * to read. Registered as metrics-server is: an APIService, a Service, verified by its CA bundle.
 */
export async function serveMetricsApi(cluster: Cluster, egress: Egress): Promise<Server> {
  const certificate = await createServingCertificate(`${SERVICE.name}.${SERVICE.namespace}.svc`);
  const [port = 0] = await freePorts(1);
  const server = createServer(
    { cert: certificate.certificate, key: certificate.privateKey },
    (request, response) => {
      answer(cluster, new URL(request.url ?? "/", "https://localhost"))
        .then((body) => {
          response.writeHead(body === undefined ? 404 : 200, {
            "content-type": "application/json",
          });
          response.end(JSON.stringify(body ?? {}));
        })
        .catch((error: Error) => {
          response.writeHead(500);
          response.end(error.message);
        });
    },
  );
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

  const service = await cluster.apply({
    apiVersion: "v1",
    kind: "Service",
    metadata: SERVICE,
    spec: { ports: [{ name: "https", port: 443, targetPort: 443, protocol: "TCP" }] },
  });
  // An APIService is available only while its Service has an endpoint; this one is never dialled.
  await cluster.apply({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...SERVICE, labels: { "kubernetes.io/service-name": SERVICE.name } },
    addressType: "IPv4",
    endpoints: [{ addresses: ["192.0.2.1"], conditions: { ready: true } }],
    ports: [{ name: "https", port: 443, protocol: "TCP" }],
  });
  egress.map(`${service.spec.clusterIP}:443`, port);
  await cluster.apply({
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `v1beta1.${GROUP}` },
    spec: {
      group: GROUP,
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      caBundle: Buffer.from(certificate.certificate).toString("base64"),
      service: { ...SERVICE, port: 443 },
    },
  });
  return server;
}

async function answer(cluster: Cluster, url: URL): Promise<object | undefined> {
  const [, , group, version, ...rest] = url.pathname.split("/");
  if (group !== GROUP || version !== "v1beta1") return undefined;
  if (rest.length === 0) return discovery;
  const [, namespace] = rest[0] === "namespaces" ? rest : [];
  if (rest.at(-1) !== "pods") return undefined;
  const selector = url.searchParams.get("labelSelector") ?? "";
  const pods = await cluster.list("v1", "Pod", namespace);
  return {
    kind: "PodMetricsList",
    apiVersion: `${GROUP}/v1beta1`,
    metadata: {},
    items: pods.filter((pod) => isRunning(pod) && matches(pod, selector)).map(podMetrics),
  };
}

const discovery = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: `${GROUP}/v1beta1`,
  resources: [
    {
      name: "pods",
      singularName: "",
      namespaced: true,
      kind: "PodMetrics",
      verbs: ["get", "list"],
    },
  ],
};

function podMetrics(pod: LiveObject): object {
  return {
    metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace },
    timestamp: new Date().toISOString(),
    window: "15s",
    containers: (pod.spec.containers as Container[]).map(({ name, resources }) => ({
      name,
      usage: {
        cpu: `${used(resources?.requests?.cpu, 1000)}m`,
        memory: `${used(resources?.requests?.memory, 1)}`,
      },
    })),
  };
}

type Container = {
  readonly name: string;
  readonly resources?: { readonly requests?: { readonly cpu?: string; readonly memory?: string } };
};

function isRunning(pod: LiveObject): boolean {
  return pod.status?.phase === "Running";
}

/** Equality selectors only: what an HPA sends for a Deployment's matchLabels. */
function matches(pod: LiveObject, selector: string): boolean {
  const labels: Record<string, string> = pod.metadata.labels ?? {};
  return selector
    .split(",")
    .filter(Boolean)
    .every((term) => {
      const [key = "", value] = term.split("=");
      return labels[key] === value;
    });
}

/** The used share of a requested quantity, in parts of its unit. */
function used(requested = "0", parts: number): number {
  return Math.round(Number(quantityToScalar(requested)) * USED_SHARE * parts);
}
