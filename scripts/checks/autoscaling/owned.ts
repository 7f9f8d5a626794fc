import type { Resource } from "../../fleet/resource.ts";

/** What an operator makes of its objects and sizes itself, by the kind of the object. */
const operators: Readonly<Record<string, Made>> = {
  "antfly.io/TermitePool": { kind: "StatefulSet", suffix: "", field: "spec.replicas.min" },
  "monitoring.coreos.com/Alertmanager": {
    kind: "StatefulSet",
    prefix: "alertmanager-",
    field: "spec.replicas",
  },
  "monitoring.coreos.com/Prometheus": {
    kind: "StatefulSet",
    prefix: "prometheus-",
    field: "spec.replicas",
  },
  "postgresql.cnpg.io/Pooler": { kind: "Deployment", field: "spec.instances" },
  "rabbitmq.com/RabbitmqCluster": {
    kind: "StatefulSet",
    suffix: "-server",
    field: "spec.replicas",
  },
};

type Made = {
  readonly kind: string;
  readonly prefix?: string;
  readonly suffix?: string;
  /** Where the object says how many replicas there are. */
  readonly field: string;
};

/** The object whose operator makes a workload and sets its replicas. */
export function ownedBy(
  target: { readonly kind: string; readonly name: string; readonly namespace: string | undefined },
  resources: readonly Resource[],
): { readonly resource: Resource; readonly field: string } | undefined {
  for (const resource of resources) {
    const { apiVersion, kind, metadata } = resource.manifest;
    const made = operators[`${apiVersion.split("/")[0]}/${kind}`];
    if (made === undefined || made.kind !== target.kind) continue;
    const name = `${made.prefix ?? ""}${metadata.name}${made.suffix ?? ""}`;
    if (name === target.name && metadata.namespace === target.namespace) {
      return { resource, field: made.field };
    }
  }
  return undefined;
}
