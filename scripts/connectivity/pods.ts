import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import { objectsIn, stringMap } from "../../policies/values.ts";
import { podTemplateOf } from "../../policies/workload.ts";
import type { Manifest, Resource } from "../fleet/resource.ts";
import type { NamedPort } from "./ports.ts";

/** Pods that are alike: those of one workload. */
export type Pods = {
  /** Their workload's name. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly NamedPort[];
};

/** The pods that rendered workloads make, in the order of the resources. */
export function podsOf(resources: readonly Resource[]): Pods[] {
  return resources.flatMap((resource) => {
    const template = podTemplateOf(resource);
    if (template === undefined) return [];
    const { name, namespace = "default" } = resource.manifest.metadata;
    return [{ name, namespace, labels: template.labels, ports: namedPortsOf(template.spec) }];
  });
}

/** The labels of namespaces by name; the API server gives each its own name as one. */
export function namespaceLabels(
  manifests: readonly Manifest[],
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  return new Map(
    manifests
      .filter(({ kind }) => kind === "Namespace")
      .map(({ metadata }) => [metadata.name, stringMap(metadata.labels)]),
  );
}

function namedPortsOf(spec: Partial<IPodSpec>): NamedPort[] {
  const containers = [...objectsIn(spec.initContainers), ...objectsIn(spec.containers)];
  return containers.flatMap(([, { ports }]) =>
    [...objectsIn(ports)].flatMap(([, { name, protocol = "TCP", containerPort }]) =>
      name === undefined ? [] : [{ name, protocol, port: containerPort } as NamedPort],
    ),
  );
}
