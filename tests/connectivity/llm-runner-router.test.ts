import { expect, it } from "vitest";
import { dnsEdges, edgesIn } from "./network.ts";

/** A pod of the namespace that opts in by label. */
const client = { name: "client", labels: { "llm-runner-router-client": "true" } };

const edges = [
  ...dnsEdges(["client", "llm-runner-router", "stranger"]),
  // REST and WebSocket share a port.
  "client -> llm-runner-router: TCP 3006",
  "google-front-end -> llm-runner-router: TCP 3006",
  "monitoring/prometheus -> llm-runner-router: TCP 9090",
];

it("exactly these reach each other in dev, where models are downloaded by name", () => {
  const download = "llm-runner-router -> internet: TCP 443";
  expect(edgesIn("dev", "llm-systems-dev", [client])).toEqual([...edges, download].sort());
});

it.each([
  ["staging", "llm-systems-staging"],
  ["prod", "llm-systems"],
])("exactly these reach each other in %s", (environment, namespace) => {
  expect(edgesIn(environment, namespace, [client])).toEqual(edges.toSorted());
});
