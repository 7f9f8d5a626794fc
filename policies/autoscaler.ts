import type { Manifest, Resource } from "../scripts/fleet/resource.ts";
import { resourcesOf } from "./kinds.ts";
import { shown } from "./values.ts";

/** What sets the number of replicas of another object. */
export type Autoscaler = {
  readonly resource: Resource;
  readonly target: { readonly kind: string; readonly name: string };
  /** The fewest replicas it leaves. */
  readonly minimum: number;
};

/** The autoscalers among the resources, by what they scale: more than one is a conflict. */
export function autoscalersOf(
  resources: readonly Resource[],
): ReadonlyMap<string, readonly Autoscaler[]> {
  const all = [...horizontal(resources), ...keda(resources)];
  return Map.groupBy(all, ({ resource, target }) =>
    scaleKey(target.kind, target.name, resource.manifest.metadata.namespace),
  );
}

/** The autoscaler that sets the replicas of an object. */
export function autoscalerOf(
  { kind, metadata }: Manifest,
  autoscalers: ReturnType<typeof autoscalersOf>,
): Autoscaler | undefined {
  return autoscalers.get(scaleKey(kind, metadata.name, metadata.namespace))?.[0];
}

function horizontal(resources: readonly Resource[]): Autoscaler[] {
  return resourcesOf(resources, "autoscaling/HorizontalPodAutoscaler").map((resource) => {
    const { scaleTargetRef, minReplicas } = resource.manifest.spec ?? {};
    const { kind, name } = scaleTargetRef ?? {};
    const target = { kind: shown(kind ?? ""), name: shown(name ?? "") };
    return { resource, target, minimum: minReplicas ?? 1 };
  });
}

function keda(resources: readonly Resource[]): Autoscaler[] {
  return resourcesOf(resources, "keda.sh/ScaledObject").map((resource) => {
    const { scaleTargetRef, minReplicaCount } = resource.manifest.spec ?? {};
    const { kind, name } = scaleTargetRef ?? {};
    const target = { kind: shown(kind ?? "Deployment"), name: shown(name ?? "") };
    return { resource, target, minimum: minReplicaCount ?? 0 };
  });
}

function scaleKey(kind: string, name: string, namespace = ""): string {
  return [kind, namespace, name].join("/");
}
