import type { Manifest } from "../fleet/resource.ts";
import type { Services } from "./services.ts";
import { type SimulatedApi, serveSimulatedApi } from "./simulated-api.ts";

/**
 * Tells KEDA what a Prometheus would know of simulated pods: nobody uses them, so every query comes to
 * 0. An address where git has no Service of a Prometheus stays unanswered, as in a cluster.
 */
export function servePrometheusApi(services: Services): Promise<SimulatedApi> {
  return serveSimulatedApi(services, addressesOf, ({ url }) =>
    new URL(url ?? "", "http://prometheus").pathname === "/api/v1/query"
      ? { status: 200, body: queryAnswer(0) }
      : { status: 404, body: { status: "error" } },
  );
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
