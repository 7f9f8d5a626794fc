import type { Program } from "./program.ts";

/** Makes the StatefulSets of Prometheus and Alertmanager objects, and their configuration. */
export const prometheusOperator: Program = {
  namespace: "prometheus-operator",
  deployment: "prometheus-operator",
  serviceAccount: "prometheus-operator",
  tool: "prometheus-operator",
  ports: ["prometheus-operator"],
  command: ({ args, env, port }) => ({
    args: [...args, `--web.listen-address=127.0.0.1:${port("prometheus-operator")}`],
    env,
  }),
  ready: { scheme: "http", port: "prometheus-operator", path: "/healthz" },
};
