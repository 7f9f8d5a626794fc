import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LiveObject } from "../../scripts/rehearsal/cluster.ts";
import type { Verdict } from "../../scripts/rehearsal/rehearsal.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { causesOf, edited, openQuietly, repository } from "./open.ts";

const namespace = "llm-systems-dev";

let rehearsal: Awaited<ReturnType<typeof openQuietly>>;
let first: Verdict;

beforeAll(async () => {
  rehearsal = await openQuietly("dev");
  first = await rehearsal.sync(repository, "the repository");
});
afterAll(() => rehearsal?.close());

describe("the first sync of an empty cluster", () => {
  it("ends healthy, and says what is simulated and what is replaced", () => {
    expect(first).toEqual({
      kind: "healthy",
      simulated: [
        "Cluster",
        "ComputeAddress",
        "ComputeSSLPolicy",
        "ContainerNodePool",
        "ExternalMetricValue",
        "GCPBackendPolicy",
        "GCPGatewayPolicy",
        "Gateway",
        "HTTPRoute",
        "HealthCheckPolicy",
        "Node",
        "Permission",
        "Pod",
        "PodMetrics",
        "Policy",
        "Queue",
        "RabbitmqCluster",
        "Service",
        "TermitePool",
        "TermiteRoute",
        "User",
        "Vhost",
      ],
      standIns: [
        "cloudnative-pg: without MutatingWebhookConfiguration cnpg-mutating-webhook-configuration, ValidatingWebhookConfiguration cnpg-validating-webhook-configuration",
        "rabbitmq-operators: without ValidatingWebhookConfiguration messaging-topology-validating-webhook-configuration",
        "letsencrypt: Issuer letsencrypt signs by itself instead of by ACME",
      ],
    });
  });

  it("finishes each wave before the next begins, by Argo CD's own times", async () => {
    const waves = [
      ["prometheus-operator"],
      ["cert-manager", "sealed-secrets"],
      ["cloudnative-pg", "keda", "rabbitmq-operators", "termite-operator"],
      ["gateway", "monitoring"],
      ["jaguar-engine", "llm-runner-router", "ml-inference", "termite", "understudy"],
      ["node-pools"],
    ];
    const applications = new Map(
      (await rehearsal.cluster.list("argoproj.io/v1alpha1", "Application")).map((application) => [
        application.metadata.name,
        application,
      ]),
    );
    const first = (name: string) =>
      (applications.get(name)?.status?.history ?? [])[0] as { readonly deployedAt: string };
    for (const [index, wave] of waves.slice(1).entries()) {
      const ends = (waves[index] ?? []).map((name) => Date.parse(first(name).deployedAt));
      const begins = wave.map((name) =>
        Date.parse(applications.get(name)?.metadata.creationTimestamp ?? ""),
      );
      expect(Math.min(...begins), String(wave)).toBeGreaterThanOrEqual(Math.max(...ends));
    }
  });

  it("has sealed-secrets unseal the declared keys", async () => {
    const secret = await rehearsal.cluster.find("v1", "Secret", "llm-runner-secrets", namespace);
    const text = (key: string) => Buffer.from(secret?.data[key] ?? "", "base64").toString();
    expect(text("jwt-secret")).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(text("byok-encryption-key")).toMatch(/^[0-9a-f]{64}$/);
    expect(text("api-key")).toMatch(/^[\w-]+\.[A-Za-z0-9]{48}$/);
  });

  it("has cert-manager issue the Gateway's certificate", async () => {
    const secret = await rehearsal.cluster.find("v1", "Secret", "gateway-tls", "gateway");
    const certificate = new X509Certificate(Buffer.from(secret?.data["tls.crt"] ?? "", "base64"));
    expect(certificate.subjectAltName).toBe("DNS:*.dev.example.com, DNS:dev.example.com");
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now());
  });

  it("has prometheus-operator make a StatefulSet of each Prometheus and Alertmanager", async () => {
    const sets = await rehearsal.cluster.list("apps/v1", "StatefulSet", "monitoring");
    const owners = sets.flatMap(({ metadata }) => (metadata as Owned).ownerReferences ?? []);
    expect(owners.map(({ kind }) => kind).sort()).toEqual(["Alertmanager", "Prometheus"]);
  });

  it("has cert-manager's webhook judge, by an authority that it made itself", async () => {
    const issuer = {
      apiVersion: "cert-manager.io/v1",
      kind: "Issuer",
      metadata: { name: "undecided", namespace: "gateway" },
      spec: { selfSigned: {}, ca: { secretName: "gateway-tls" } },
    };
    await expect(rehearsal.cluster.apply(issuer)).rejects.toThrow(
      /webhook.cert-manager.io.*denied the request.*may not specify more than one issuer type/s,
    );
    const [webhook, secret] = await Promise.all([
      rehearsal.cluster.find(
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration",
        "cert-manager-webhook",
      ),
      rehearsal.cluster.find("v1", "Secret", "cert-manager-webhook-ca", "cert-manager"),
    ]);
    expect(webhook?.webhooks[0].clientConfig.caBundle).toBe(secret?.data["ca.crt"]);
  });
});

describe("a ScaledObject that is pushed", () => {
  const overlay = "overlays/dev/llm-runner-router";
  const scaledObject = {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: "by-pods" },
    spec: {
      scaleTargetRef: { name: "llm-runner-router" },
      minReplicaCount: 1,
      maxReplicaCount: 3,
      triggers: [
        {
          type: "kubernetes-workload",
          metadata: { podSelector: "app.kubernetes.io/name=grafana", value: "1" },
        },
      ],
    },
  };

  beforeAll(async () => {
    const listed = edited(
      `${overlay}/kustomization.yaml`,
      "  - sealed-secret.yaml\n",
      "  - scaled-object.yaml\n  - sealed-secret.yaml\n",
    );
    const tree = overlayTree(listed, {
      [`${overlay}/scaled-object.yaml`]: JSON.stringify(scaledObject),
    });
    expect(causesOf(await rehearsal.sync(tree, "a ScaledObject"))).toEqual([]);
  });

  it("becomes an autoscaler that reads KEDA's metric through the API server", async () => {
    const [autoscaler] = await rehearsal.cluster.list(
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      namespace,
    );
    expect((autoscaler?.metadata as Owned | undefined)?.ownerReferences).toMatchObject([
      { kind: "ScaledObject", name: "by-pods" },
    ]);
    expect(conditionOf(autoscaler, "ScalingActive")).toMatchObject({
      status: "True",
      reason: "ValidMetricFound",
    });
    expect(autoscaler?.status.currentMetrics[0].external.current).toBeDefined();
  });

  it("keeps a second one off the same Deployment, by KEDA's webhook", async () => {
    const second = { ...scaledObject, metadata: { name: "second", namespace } };
    const answer = () =>
      rehearsal.cluster.apply(second).then(
        (accepted) => rehearsal.cluster.remove(accepted).then(() => "accepted"),
        (error: Error) => error.message,
      );
    // KEDA's webhook lets everything pass (failurePolicy Ignore) while its program starts again.
    await vi.waitFor(
      async () =>
        expect(await answer()).toMatch(
          /denied the request.*already managed by the ScaledObject.*by-pods/s,
        ),
      { timeout: 30_000, interval: 1000 },
    );
  });
});

type Owned = {
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
};

function conditionOf(object: LiveObject | undefined, type: string) {
  const conditions = object?.status.conditions as { type: string }[] | undefined;
  return conditions?.find((condition) => condition.type === type);
}
