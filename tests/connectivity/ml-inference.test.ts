import { expect, it } from "vitest";
import { dnsEdges, edgesIn } from "./network.ts";

/** What the operators make, by the labels that they write, and the operators themselves. */
const made = [
  {
    name: "postgresql",
    labels: { "cnpg.io/cluster": "postgresql", "cnpg.io/podRole": "instance" },
  },
  {
    name: "rabbitmq",
    labels: {
      "app.kubernetes.io/name": "rabbitmq",
      "app.kubernetes.io/component": "rabbitmq",
      "app.kubernetes.io/part-of": "rabbitmq",
    },
  },
  operator("cnpg-system", "cloudnative-pg", { "app.kubernetes.io/name": "cloudnative-pg" }),
  operator("keda", "keda-operator", { app: "keda-operator" }),
  operator("rabbitmq-system", "messaging-topology-operator", {
    "app.kubernetes.io/name": "messaging-topology-operator",
  }),
  // Neighbours of the operators: a namespace alone opens nothing
  operator("keda", "stranger", {}),
  operator("rabbitmq-system", "stranger", {}),
  operator("cnpg-system", "stranger", {}),
];

const programs = [
  "api-gateway",
  "api-service",
  "ml-db-init",
  "ml-inference",
  "ml-worker",
  "postgresql",
  "rabbitmq",
  "redis",
  "results-collector",
  "stranger",
];

const edges = [
  ...dnsEdges(programs).filter((edge) => !/^(postgresql|rabbitmq) -> node-dns/.test(edge)),

  "google-front-end -> api-gateway: TCP 4195",
  "google-front-end -> api-service: TCP 8080",

  "api-gateway -> postgresql: TCP 5432",
  "api-gateway -> rabbitmq: TCP 5672",
  "api-gateway -> redis: TCP 6379",
  "api-service -> postgresql: TCP 5432",
  "api-service -> redis: TCP 6379",
  "ml-worker -> ml-inference: TCP 8080",
  "ml-worker -> postgresql: TCP 5432",
  "ml-worker -> rabbitmq: TCP 5672",
  "results-collector -> postgresql: TCP 5432",
  "results-collector -> rabbitmq: TCP 5672",
  "results-collector -> redis: TCP 6379",
  "ml-db-init -> postgresql: TCP 5432",

  // The model, from a hub without addresses of its own
  "ml-inference -> internet: TCP 443",

  "postgresql -> postgresql: TCP 5432+8000",
  "rabbitmq -> rabbitmq: TCP 4369+25672",
  // The API server, of which git knows no address
  ...["postgresql", "rabbitmq"].flatMap((name) => [
    `${name} -> internet: TCP 443`,
    `${name} -> private: TCP 443`,
    `${name} -> node-dns: TCP 53+443, UDP 53`,
  ]),

  "cnpg-system/cloudnative-pg -> postgresql: TCP 5432+8000",
  "keda/keda-operator -> rabbitmq: TCP 15672",
  "rabbitmq-system/messaging-topology-operator -> rabbitmq: TCP 15672",

  "monitoring/prometheus -> api-gateway: TCP 4195",
  "monitoring/prometheus -> api-service: TCP 8080",
  "monitoring/prometheus -> ml-inference: TCP 8000",
  "monitoring/prometheus -> ml-worker: TCP 4195",
  "monitoring/prometheus -> postgresql: TCP 9187",
  "monitoring/prometheus -> rabbitmq: TCP 15692",
  "monitoring/prometheus -> redis: TCP 9121",
  "monitoring/prometheus -> results-collector: TCP 4195",
].sort();

it.each([
  ["dev", "ml-inference-dev"],
  ["staging", "ml-inference-staging"],
  ["prod", "ml-inference"],
])("exactly these reach each other in %s", (environment, namespace) => {
  expect(edgesIn(environment, namespace, made)).toEqual(edges);
});

function operator(namespace: string, name: string, labels: Readonly<Record<string, string>>) {
  return { namespace, name, labels };
}
