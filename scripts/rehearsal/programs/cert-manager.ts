import type { Program } from "./program.ts";

const NAMESPACE = "cert-manager";

/** cert-manager's controller, the webhook that judges its kinds, and the injector of authorities. */
export const certManager: readonly Program[] = [
  {
    namespace: NAMESPACE,
    deployment: "cert-manager",
    serviceAccount: "cert-manager",
    tool: "cert-manager",
    ports: ["cert-manager"],
    command: ({ env, namespace, port }) => ({
      args: [
        "controller",
        `--kubeconfig=${env.KUBECONFIG}`,
        `--cluster-resource-namespace=${namespace}`,
        `--healthz-listen-address=127.0.0.1:${port("cert-manager")}`,
      ],
    }),
    ready: { scheme: "http", port: "cert-manager", path: "/livez" },
  },
  {
    namespace: NAMESPACE,
    deployment: "cert-manager-webhook",
    serviceAccount: "cert-manager-webhook",
    tool: "cert-manager",
    ports: ["cert-manager-webhook", "cert-manager-webhook-probes"],
    services: [{ name: "cert-manager-webhook", port: 443, leadsTo: "cert-manager-webhook" }],
    command: ({ args, env, port }) => ({
      args: [
        "webhook",
        ...args,
        `--kubeconfig=${env.KUBECONFIG}`,
        `--secure-port=${port("cert-manager-webhook")}`,
        `--healthz-port=${port("cert-manager-webhook-probes")}`,
      ],
      env,
    }),
    ready: { scheme: "http", port: "cert-manager-webhook-probes", path: "/healthz" },
  },
  {
    namespace: NAMESPACE,
    deployment: "cert-manager-cainjector",
    serviceAccount: "cert-manager-cainjector",
    tool: "cert-manager",
    ports: [],
    command: ({ env }) => ({ args: ["cainjector", `--kubeconfig=${env.KUBECONFIG}`] }),
  },
];
