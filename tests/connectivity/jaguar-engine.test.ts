import { expect, it } from "vitest";
import { dnsEdges, edgesIn } from "./network.ts";

/** A pod of the namespace that opts in by label. */
const client = { name: "client", labels: { "jaguar-engine-client": "true" } };

const edges = [
  ...dnsEdges(["client", "stranger"]),
  // WebSocket, and gRPC for health
  "client -> jaguar-engine: TCP 8081+50051",
  // WebSocket, and the load balancer's question for health
  "google-front-end -> jaguar-engine: TCP 8081+9090",
  "monitoring/prometheus -> jaguar-engine: TCP 9090",
  // What peers are promised
  "jaguar-engine -> jaguar-engine: TCP 8080+50051",
  // The API server, of which git knows no address: the deletion cost
  "jaguar-engine -> internet: TCP 443",
  "jaguar-engine -> private: TCP 443",
  "jaguar-engine -> node-dns: TCP 53+443, UDP 53",
  "jaguar-engine -> kube-system/kube-dns: TCP 53, UDP 53",
  "jaguar-engine -> kube-system/node-local-dns: TCP 53, UDP 53",
].sort();

it.each([
  ["dev", "jaguar-dev"],
  ["staging", "jaguar-staging"],
  ["prod", "jaguar-prod"],
])("exactly these reach each other in %s", (environment, namespace) => {
  expect(edgesIn(environment, namespace, [client])).toEqual(edges);
});
