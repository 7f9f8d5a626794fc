/** Objects in order, one of each kind that the seeded mistakes are made in. */
export const valid = {
  Deployment: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "router",
      namespace: "router",
      labels: { "app.kubernetes.io/name": "router" },
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "router" } },
      template: {
        metadata: { labels: { app: "router" }, annotations: null },
        spec: {
          containers: [
            {
              name: "router",
              image: "registry.example/router:1",
              imagePullPolicy: "IfNotPresent",
              env: [{ name: "PORT", value: "3000" }],
              ports: [{ containerPort: 3000, protocol: "TCP" }],
              readinessProbe: { httpGet: { path: "/", port: "http" } },
              resources: { requests: { cpu: 1, memory: "2Gi" } },
            },
          ],
        },
      },
    },
  },
  Application: {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "router", namespace: "argocd" },
    spec: {
      project: "systems",
      destination: { server: "https://kubernetes.default.svc", namespace: "router" },
      // Newer than the package of types: the operator has it.
      sources: [
        { repoURL: "https://git.example/fleet", path: "overlays/dev/router", tagPrefix: "v" },
      ],
      syncPolicy: { automated: { selfHeal: true, prune: true }, retry: { limit: -1 } },
    },
  },
  ServiceMonitor: {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: "router" },
    spec: {
      selector: { matchLabels: { app: "router" } },
      endpoints: [{ port: "http", interval: "30s" }],
    },
  },
  HTTPRoute: {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "router" },
    spec: {
      parentRefs: [{ name: "gateway" }],
      hostnames: ["router.example.com"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ name: "router", port: 80 }],
        },
      ],
    },
  },
  SealedSecret: {
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: { name: "router" },
    spec: {
      encryptedData: { token: "AgA=" },
      template: { metadata: { name: "router" }, type: "Opaque" },
    },
  },
  HorizontalPodAutoscaler: {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "router" },
    spec: {
      minReplicas: 1,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "router" },
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
    },
  },
} as const;

/** A copy of an object with the value at a path replaced, or removed where there is none. */
export function withChange(
  manifest: object,
  path: readonly (string | number)[],
  value?: unknown,
): object {
  const copy = structuredClone(manifest);
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (node, part) => node[part] as Record<string | number, unknown>,
      copy as Record<string | number, unknown>,
    );
  const name = path.at(-1) ?? "";
  if (value === undefined) delete parent[name];
  else parent[name] = value;
  return copy;
}
