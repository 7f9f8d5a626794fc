import type { Choices } from "./objects.ts";

const containers = (name: string, { flag, nameOf }: Choices) => [
  {
    name: "main",
    image: flag(0) ? "registry.example.com:5000/team/web:1.2.3" : "nginx:1.25",
    ...(flag(1) && { args: ["--name=$(MY_NAME)", "--port", "8080"], command: ["run", "$(OTHER)"] }),
    ...(flag(2) && {
      env: [
        { name: "MODE", value: flag(3) ? "1e3" : "plain" },
        {
          name: "KEY",
          valueFrom: flag(3)
            ? { secretKeyRef: { name: nameOf("Secret"), key: "password" } }
            : { configMapKeyRef: { name: nameOf("ConfigMap"), key: "a", optional: true } },
        },
      ],
    }),
    ...(flag(4) && { envFrom: [{ configMapRef: { name: nameOf("ConfigMap") } }] }),
    ...(flag(5) && {
      ports: [
        { name: "http", containerPort: 8080 },
        { name: "dns", containerPort: 53, protocol: "UDP" },
      ],
    }),
    ...(flag(6) && {
      resources: { limits: { cpu: 1, memory: "1Gi" }, requests: { cpu: "0.5", memory: 1048576 } },
      livenessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 10 },
    }),
    ...(flag(7) && {
      volumeMounts: [{ name: "config", mountPath: "/etc/config", readOnly: true }],
    }),
  },
  ...(flag(8) ? [{ name: "side", image: `${name}:latest` }] : []),
  ...(flag(9) ? [{ name: "digest", image: `quay.io/a/b@sha256:${"ab".repeat(32)}` }] : []),
];

export const podSpec = (name: string, choices: Choices) => ({
  ...(choices.flag(10) && { initContainers: [{ name: "init", image: "busybox" }] }),
  containers: containers(name, choices),
  ...(choices.flag(11) && { serviceAccountName: choices.nameOf("ServiceAccount") }),
  ...(choices.flag(12) && {
    volumes: [
      { name: "config", configMap: { name: choices.nameOf("ConfigMap"), defaultMode: 0o644 } },
      { name: "secret", secret: { secretName: choices.nameOf("Secret") } },
      {
        name: "all",
        projected: { sources: [{ configMap: { name: choices.nameOf("ConfigMap") } }] },
      },
      {
        name: "claim",
        persistentVolumeClaim: { claimName: choices.nameOf("PersistentVolumeClaim") },
      },
    ],
  }),
  ...(choices.flag(13) && {
    imagePullSecrets: [{ name: choices.nameOf("Secret") }],
    tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
    nodeSelector: { disk: "ssd" },
    hostAliases: [{ ip: "127.0.0.1", hostnames: ["a", "b"] }],
  }),
  ...(choices.flag(14) && {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: "zone",
              labelSelector: { matchLabels: { app: name } },
            },
          },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "zone", labelSelector: { matchLabels: { app: name } } },
    ],
  }),
});

export const template = (name: string, choices: Choices) => ({
  metadata: {
    labels: { app: name },
    ...(choices.flag(15) && { annotations: { "example.com/config": "on" } }),
  },
  spec: podSpec(name, choices),
});

export const workload = (name: string, choices: Choices) => ({
  spec: {
    ...(choices.flag(16) && { replicas: 2 }),
    selector: { matchLabels: { app: name } },
    template: template(name, choices),
  },
});
