import { expect, it } from "vitest";
import { dnsEdges, edgesIn } from "./network.ts";

/** What the backend makes at run time, by the labels that its code gives. */
const made = ["endpoint", "batch"].map((mode) => ({
  name: `slm-${mode}`,
  labels: { app: "slm-inference", mode },
}));

const programs = [
  "backend",
  "evaluation-service",
  "frontend",
  "model-broker",
  "postgres",
  "redis",
  "schema",
  "slm-batch",
  "slm-endpoint",
  "stranger",
  "training-service",
];

const edges = [
  ...dnsEdges(programs.filter((name) => name !== "backend")),

  "google-front-end -> backend: TCP 8000",
  "google-front-end -> frontend: TCP 8080",
  "frontend -> backend: TCP 8000",

  "backend -> postgres: TCP 5432",
  "backend -> redis: TCP 6379",
  "backend -> training-service: TCP 8002",
  "backend -> evaluation-service: TCP 8001",
  "backend -> model-broker: TCP 8003",
  "backend -> slm-endpoint: TCP 8000",
  // OpenAI, Anthropic and the API server, of which git knows no address.
  "backend -> internet: TCP 443",
  "backend -> private: TCP 443",
  "backend -> node-dns: TCP 53+443, UDP 53",
  "backend -> kube-system/kube-dns: TCP 53, UDP 53",
  "backend -> kube-system/node-local-dns: TCP 53, UDP 53",

  "training-service -> redis: TCP 6379",
  "training-service -> backend: TCP 8000",
  "training-service -> model-broker: TCP 8003",
  // SSH to the machine that RunPod lends: any port.
  "training-service -> internet: TCP 1-65535",

  "evaluation-service -> redis: TCP 6379",
  "evaluation-service -> backend: TCP 8000",
  "evaluation-service -> internet: TCP 443",

  "slm-endpoint -> model-broker: TCP 8003",
  "slm-endpoint -> internet: TCP 443",

  "slm-batch -> model-broker: TCP 8003",
  "slm-batch -> internet: TCP 443",
  "slm-batch -> redis: TCP 6379",
  "slm-batch -> backend: TCP 8000",

  "schema -> postgres: TCP 5432",

  "monitoring/prometheus -> postgres: TCP 9187",
  "monitoring/prometheus -> redis: TCP 9121",
  "monitoring/blackbox-exporter -> backend: TCP 8000",
  "monitoring/blackbox-exporter -> evaluation-service: TCP 8001",
  "monitoring/blackbox-exporter -> frontend: TCP 8080",
  "monitoring/blackbox-exporter -> model-broker: TCP 8003",
  "monitoring/blackbox-exporter -> training-service: TCP 8002",
].sort();

it.each(["dev", "staging", "prod"])("exactly these reach each other in %s", (environment) => {
  expect(edgesIn(environment, "understudy", made)).toEqual(edges);
});
