import type { Program, ProgramContext } from "./program.ts";

const NAMESPACE = "keda";
const CERTIFICATES = "kedaorg-certs";
const METRICS_SERVICE = "keda-operator.keda.svc.cluster.local";

/** KEDA's operator, the metrics API that autoscalers ask, and its admission webhooks. */
export const keda: readonly Program[] = [
  {
    namespace: NAMESPACE,
    deployment: "keda-operator",
    serviceAccount: "keda-operator",
    tool: "keda-operator",
    ports: ["keda-operator-probes", "keda-operator-grpc"],
    // It makes the certificates of all three and waits until they are mounted.
    secrets: [{ name: CERTIFICATES, own: true }],
    command: (context) => ({
      args: [
        ...localArgs(context),
        "--metrics-bind-address=0",
        `--health-probe-bind-address=127.0.0.1:${context.port("keda-operator-probes")}`,
        `--metrics-service-bind-address=127.0.0.1:${context.port("keda-operator-grpc")}`,
        `--cert-dir=${context.folder(CERTIFICATES)}`,
        // One process: nobody to elect.
        "--leader-elect=false",
      ],
      env: {
        ...context.env,
        // In a pod it reads its namespace from the token's folder.
        KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE,
        // What triggers ask: brokers, Prometheus. Their addresses are those of git
        HTTP_PROXY: context.proxy,
        HTTPS_PROXY: context.proxy,
      },
    }),
    ready: { scheme: "http", port: "keda-operator-probes", path: "/readyz" },
  },
  {
    namespace: NAMESPACE,
    deployment: "keda-metrics-apiserver",
    serviceAccount: "keda-operator",
    tool: "keda-servers",
    ports: ["keda-metrics-apiserver"],
    services: [{ name: "keda-metrics-apiserver", port: 443, leadsTo: "keda-metrics-apiserver" }],
    secrets: [{ name: CERTIFICATES }],
    command: (context) => ({
      args: [
        "metrics-apiserver",
        ...localArgs(context),
        "--bind-address=127.0.0.1",
        `--secure-port=${context.port("keda-metrics-apiserver")}`,
        `--metrics-service-address=127.0.0.1:${context.port("keda-operator-grpc")}`,
        `--metrics-service-grpc-authority=${METRICS_SERVICE}`,
        `--kubeconfig=${context.env.KUBECONFIG}`,
        `--lister-kubeconfig=${context.env.KUBECONFIG}`,
        `--authentication-kubeconfig=${context.env.KUBECONFIG}`,
        `--authorization-kubeconfig=${context.env.KUBECONFIG}`,
      ],
      env: context.env,
    }),
    ready: { scheme: "https", port: "keda-metrics-apiserver", path: "/readyz" },
  },
  {
    namespace: NAMESPACE,
    deployment: "keda-admission",
    serviceAccount: "keda-operator",
    tool: "keda-servers",
    ports: ["keda-webhooks", "keda-webhooks-probes"],
    services: [{ name: "keda-admission-webhooks", port: 443, leadsTo: "keda-webhooks" }],
    secrets: [{ name: CERTIFICATES }],
    command: (context) => ({
      args: [
        "admission-webhooks",
        ...localArgs(context),
        `--port=${context.port("keda-webhooks")}`,
        `--health-probe-bind-address=127.0.0.1:${context.port("keda-webhooks-probes")}`,
        `--cert-dir=${context.folder(CERTIFICATES)}`,
      ],
      env: context.env,
    }),
    ready: { scheme: "http", port: "keda-webhooks-probes", path: "/readyz" },
  },
];

/** The container's own arguments, reading the certificates where the rehearsal keeps them. */
function localArgs({ args, folder }: ProgramContext): readonly string[] {
  return args.map((arg) => arg.replace(/=\/certs\b/, `=${folder(CERTIFICATES)}`));
}
