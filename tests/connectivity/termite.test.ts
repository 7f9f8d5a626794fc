import { expect, it } from "vitest";
import { dnsEdges, edgesIn } from "./network.ts";

/** What the operator makes of a pool, by the labels that its code gives. */
const server = {
  name: "server",
  labels: {
    "app.kubernetes.io/name": "termite",
    "app.kubernetes.io/component": "termite-pool",
    "app.kubernetes.io/instance": "read-heavy-embedders",
    "antfly.io/pool": "read-heavy-embedders",
    "antfly.io/workload-type": "read-heavy",
  },
};

/** A namespace that was let in, beside those of the others, which were not. */
const callers = new Map([["search", { "termite-client": "true" }]]);

/** Who asks the API server, of which git knows no address: any, at 443. */
const askers = ["termite-operator", "termite-proxy"];

const edges = [
  ...dnsEdges(["server", "stranger"]),
  ...askers.flatMap((name) => [
    `${name} -> internet: TCP 443`,
    `${name} -> private: TCP 443`,
    `${name} -> node-dns: TCP 53+443, UDP 53`,
    `${name} -> kube-system/kube-dns: TCP 53, UDP 53`,
    `${name} -> kube-system/node-local-dns: TCP 53, UDP 53`,
  ]),

  "search/client -> termite-proxy: TCP 8080",
  // Through the internal load balancer: callers in the VPC, and its health checks.
  "10.0.0.0-10.255.255.255 -> termite-proxy: TCP 8080",
  "172.16.0.0-172.31.255.255 -> termite-proxy: TCP 8080",
  "192.168.0.0-192.168.255.255 -> termite-proxy: TCP 8080",
  "google-front-end -> termite-proxy: TCP 8080",

  "termite-proxy -> server: TCP 8080",
  // They take their own Services for pools.
  "termite-proxy -> termite-proxy: TCP 8080",

  // Models, and the pictures that a request names: never at a private address.
  "server -> internet: TCP 443",

  "monitoring/prometheus -> server: TCP 4200",
  "monitoring/prometheus -> termite-operator: TCP 8080",
  "monitoring/prometheus -> termite-proxy: TCP 4200",
].sort();

it.each(["dev", "staging", "prod"])("exactly these reach each other in %s", (environment) => {
  expect(edgesIn(environment, "termite-operator-namespace", [server], callers)).toEqual(edges);
});
