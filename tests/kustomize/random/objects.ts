import fc from "fast-check";
import { podSpec, template, workload } from "./pods.ts";

const kinds = [
  "ConfigMap",
  "Secret",
  "Deployment",
  "Service",
  "StatefulSet",
  "DaemonSet",
  "CronJob",
  "Job",
  "Pod",
  "ServiceAccount",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "Ingress",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Namespace",
  "StorageClass",
  "ValidatingWebhookConfiguration",
  "APIService",
  "CustomResourceDefinition",
  "Widget",
] as const;
export type Kind = (typeof kinds)[number];

/** What an object is made of; every number is a choice that shrinks to the plainest. */
export type ObjectSeed = {
  readonly kind: Kind;
  readonly name: number;
  readonly namespace: number;
  readonly flags: number;
  readonly references: readonly number[];
};

/** How a body asks for the name of another object, and for a choice. */
export type Choices = {
  readonly flag: (bit: number) => boolean;
  readonly nameOf: (kind: Kind) => string;
};

type Body = Readonly<Record<string, unknown>>;
type Definition = {
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly body: (name: string, choices: Choices) => Body;
};

export const names = ["web", "api", "db", "cache", "my-app", "x.y"] as const;

const rules = (flag: (bit: number) => boolean, nameOf: Choices["nameOf"]) => [
  {
    apiGroups: [""],
    resources: ["secrets"],
    verbs: ["get"],
    ...(flag(0) && { resourceNames: [nameOf("Secret")] }),
  },
];

const binding = ({ flag, nameOf }: Choices, role: "Role" | "ClusterRole") => ({
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: role, name: nameOf(role) },
  subjects: [
    {
      kind: "ServiceAccount",
      name: flag(1) ? nameOf("ServiceAccount") : "default",
      ...(flag(0) && { namespace: "default" }),
    },
  ],
});

export const definitions: Readonly<Record<Kind, Definition>> = {
  ConfigMap: {
    apiVersion: "v1",
    namespaced: true,
    body: (name, { flag }) => ({
      data: {
        a: "1",
        name,
        ...(flag(0) && { "app.properties": "one=1\ntwo=2\n", empty: "", odd: "yes: no # x " }),
        ...(flag(1) && { url: "http://api.default.svc:8080/path" }),
      },
      ...(flag(2) && { immutable: true }),
    }),
  },
  Secret: {
    apiVersion: "v1",
    namespaced: true,
    body: (_, { flag }) => ({
      ...(flag(0) && { type: "Opaque" }),
      ...(flag(1) ? { stringData: { password: "p w" } } : { data: { password: "cGFzcw==" } }),
    }),
  },
  Deployment: { apiVersion: "apps/v1", namespaced: true, body: workload },
  Service: {
    apiVersion: "v1",
    namespaced: true,
    body: (name, { flag }) => ({
      spec: {
        selector: { app: name },
        ports: [
          { name: "http", port: 80, targetPort: "http" },
          ...(flag(0) ? [{ name: "dns", port: 53, protocol: "UDP" }] : []),
        ],
        ...(flag(1) && { type: "ClusterIP", clusterIP: "None" }),
      },
    }),
  },
  StatefulSet: {
    apiVersion: "apps/v1",
    namespaced: true,
    body: (name, choices) => ({
      spec: {
        ...workload(name, choices).spec,
        serviceName: choices.nameOf("Service"),
        ...(choices.flag(17) && {
          volumeClaimTemplates: [
            { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"] } },
          ],
        }),
      },
    }),
  },
  DaemonSet: { apiVersion: "apps/v1", namespaced: true, body: workload },
  CronJob: {
    apiVersion: "batch/v1",
    namespaced: true,
    body: (name, choices) => ({
      spec: {
        schedule: "0 * * * *",
        jobTemplate: { spec: { template: template(name, choices) } },
      },
    }),
  },
  Job: {
    apiVersion: "batch/v1",
    namespaced: true,
    body: (name, choices) => ({ spec: { template: template(name, choices) } }),
  },
  Pod: {
    apiVersion: "v1",
    namespaced: true,
    body: (name, choices) => ({ spec: podSpec(name, choices) }),
  },
  ServiceAccount: {
    apiVersion: "v1",
    namespaced: true,
    body: (_, { flag, nameOf }) => ({
      ...(flag(0) && { imagePullSecrets: [{ name: nameOf("Secret") }] }),
      ...(flag(1) && { secrets: [{ name: nameOf("Secret") }] }),
    }),
  },
  Role: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    namespaced: true,
    body: (_, { flag, nameOf }) => ({ rules: rules(flag, nameOf) }),
  },
  ClusterRole: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    namespaced: false,
    body: (_, { flag, nameOf }) => ({ rules: rules(flag, nameOf) }),
  },
  RoleBinding: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    namespaced: true,
    body: (_, choices) => binding(choices, choices.flag(2) ? "ClusterRole" : "Role"),
  },
  ClusterRoleBinding: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    namespaced: false,
    body: (_, choices) => binding(choices, "ClusterRole"),
  },
  Ingress: {
    apiVersion: "networking.k8s.io/v1",
    namespaced: true,
    body: (_, { flag, nameOf }) => ({
      ...(flag(1) && {
        metadata: { annotations: { "nginx.ingress.kubernetes.io/auth-secret": nameOf("Secret") } },
      }),
      spec: {
        rules: [
          {
            host: "a.example.com",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: nameOf("Service"), port: { number: 80 } } },
                },
              ],
            },
          },
        ],
        ...(flag(0) && { tls: [{ hosts: ["a.example.com"], secretName: nameOf("Secret") }] }),
      },
    }),
  },
  HorizontalPodAutoscaler: {
    apiVersion: "autoscaling/v2",
    namespaced: true,
    body: (_, { flag, nameOf }) => {
      const kind = flag(0) ? "StatefulSet" : "Deployment";
      return {
        spec: {
          maxReplicas: 5,
          scaleTargetRef: { apiVersion: "apps/v1", kind, name: nameOf(kind) },
        },
      };
    },
  },
  PodDisruptionBudget: {
    apiVersion: "policy/v1",
    namespaced: true,
    body: (name) => ({ spec: { minAvailable: "50%", selector: { matchLabels: { app: name } } } }),
  },
  NetworkPolicy: {
    apiVersion: "networking.k8s.io/v1",
    namespaced: true,
    body: (name, { flag }) => ({
      spec: {
        podSelector: flag(0) ? { matchLabels: { app: name } } : {},
        ...(flag(1) && {
          ingress: [{ from: [{ podSelector: { matchLabels: { app: name } } }] }, {}],
          egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: "UDP" }] }],
        }),
      },
    }),
  },
  PersistentVolumeClaim: {
    apiVersion: "v1",
    namespaced: true,
    body: (_, { flag }) => ({
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        ...(flag(0) && { storageClassName: "fast", volumeName: "disk" }),
      },
    }),
  },
  Namespace: { apiVersion: "v1", namespaced: false, body: () => ({}) },
  StorageClass: {
    apiVersion: "storage.k8s.io/v1",
    namespaced: false,
    body: () => ({ provisioner: "example.com/disk", allowVolumeExpansion: true }),
  },
  ValidatingWebhookConfiguration: {
    apiVersion: "admissionregistration.k8s.io/v1",
    namespaced: false,
    body: (_, { nameOf }) => ({
      webhooks: [
        {
          name: "a.example.com",
          clientConfig: { service: { name: nameOf("Service"), namespace: "default" } },
          sideEffects: "None",
        },
      ],
    }),
  },
  APIService: {
    apiVersion: "apiregistration.k8s.io/v1",
    namespaced: false,
    body: (_, { nameOf }) => ({
      spec: { group: "example.com", service: { name: nameOf("Service"), namespace: "default" } },
    }),
  },
  CustomResourceDefinition: {
    apiVersion: "apiextensions.k8s.io/v1",
    namespaced: false,
    body: () => ({
      spec: { group: "example.com", names: { kind: "Widget" }, scope: "Namespaced" },
    }),
  },
  Widget: {
    apiVersion: "example.com/v1",
    namespaced: true,
    body: (name, choices) => ({
      spec: {
        size: 0.5,
        deployment: choices.nameOf("Deployment"),
        configRef: { name: choices.nameOf("ConfigMap") },
        parts: [
          { name: "one", value: 1 },
          { name, value: null },
        ],
        ...(choices.flag(18) && { template: template(name, choices), image: "widget:1" }),
      },
    }),
  },
};

/** Kinds that keepers of pods are of: what patches, images and replicas act on. */
export const workloads: readonly Kind[] = ["Deployment", "StatefulSet", "DaemonSet"];

export const objectSeed: fc.Arbitrary<ObjectSeed> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Kind>("ConfigMap", "Deployment", "Service", "Secret") },
    { weight: 2, arbitrary: fc.constantFrom(...kinds) },
  ),
  name: fc.nat(names.length - 1),
  namespace: fc.nat(9),
  flags: fc.nat(2 ** 19 - 1),
  references: fc.array(fc.nat(20), { maxLength: 4 }),
});
