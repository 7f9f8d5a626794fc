import { createServer } from "node:http";
import type { Manifest } from "../fleet/resource.ts";
import type { Services } from "./services.ts";
import { freePorts } from "./workspace.ts";

/** The query API of every simulated Prometheus. */
export type PrometheusApi = {
  /** Answers at the Services of a Prometheus among these manifests from now on. */
  readonly answerFor: (manifests: readonly Manifest[]) => void;
  readonly close: () => void;
};

/**
 * Tells KEDA what a Prometheus would know of simulated pods: nobody uses them, so every query comes to
 * 0. An address where git has no Service of a Prometheus stays unanswered, as in a cluster.
 */
export async function servePrometheusApi(services: Services): Promise<PrometheusApi> {
  const [port = 0] = await freePorts(1);
  const led = new Set<string>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://prometheus");
    const isQuery = pathname === "/api/v1/query";
    response.writeHead(isQuery ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isQuery ? queryAnswer(0) : { status: "error" }));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    answerFor(manifests) {
      for (const service of addressesOf(manifests)) {
        // Once: somebody may have led it elsewhere since
        if (led.has(service)) continue;
        led.add(service);
        services.lead(service, port);
      }
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What `/api/v1/query` answers for one sample without labels; for undefined, what it answers for none. */
export function queryAnswer(value: number | undefined): object {
  const sample = { metric: {}, value: [Date.now() / 1000, String(value)] };
  return {
    status: "success",
    data: { resultType: "vector", result: value === undefined ? [] : [sample] },
  };
}

/** The ports at which Services lead to a Prometheus, as `prometheus.monitoring.svc:9090`. */
function addressesOf(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ kind }) => kind === "Service")
    .flatMap(({ metadata, spec }) => {
      const { selector, ports = [] } = spec as ServiceSpec;
      if (selector?.[OPERATOR_LABEL] === undefined) return [];
      return ports
        .filter(({ targetPort }) => targetPort === "web")
        .map(({ port }) => `${metadata.name}.${metadata.namespace}.svc:${port}`);
    });
}

/** On the pods that prometheus-operator makes, with the name of the Prometheus. */
const OPERATOR_LABEL = "operator.prometheus.io/name";

type ServiceSpec = {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[];
};
