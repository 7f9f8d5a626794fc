import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { Path, Resource } from "../scripts/fleet/resource.ts";
import { groupKind } from "./kinds.ts";
import { objectsIn, shown, stringMap, valueAt } from "./values.ts";

/** A pod as its workload describes it. */
export type PodTemplate = {
  /** Where it stands in the manifest; empty for a Pod itself. */
  readonly path: Path;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Partial<IPodSpec>;
};

/** A container and where it stands in the manifest. */
export type ContainerAt = {
  readonly container: IContainer;
  /** How messages call it: `Container "router"`. */
  readonly title: string;
  /** A sidecar is an init container that keeps running: `restartPolicy: Always`. */
  readonly role: "container" | "init" | "sidecar" | "ephemeral";
  readonly path: Path;
};

/** The pod template of a resource; undefined where its kind has none, or it is not there. */
export function podTemplateOf({ manifest }: Resource): PodTemplate | undefined {
  const path = templatePaths.get(groupKind(manifest));
  const template = path && valueAt(manifest, path);
  if (!path || typeof template !== "object" || template === null) return undefined;
  const spec = valueAt(template, ["spec"]);
  return {
    path,
    labels: stringMap(valueAt(template, ["metadata", "labels"])),
    annotations: stringMap(valueAt(template, ["metadata", "annotations"])),
    spec: typeof spec === "object" && spec !== null ? spec : {},
  };
}

/** Every container of a resource's pods, in the order in which they start. */
export function containersOf(resource: Resource): ContainerAt[] {
  const template = podTemplateOf(resource);
  return template ? containersIn(template) : [];
}

/** Every container of a pod template, in the order in which they start. */
export function containersIn({ path, spec }: PodTemplate): ContainerAt[] {
  const fields = ["initContainers", "containers", "ephemeralContainers"] as const;
  return fields.flatMap((field) =>
    [...objectsIn<IContainer>(spec[field])].map(
      ([index, container]): ContainerAt => ({
        container,
        title: `Container "${shown(container.name)}"`,
        role: roleOf(field, container),
        path: [...path, "spec", field, index],
      }),
    ),
  );
}

/** The kinds that have pods, and where their template stands. */
const templatePaths: ReadonlyMap<string, Path> = new Map([
  ["Pod", []],
  ["apps/Deployment", ["spec", "template"]],
  ["apps/StatefulSet", ["spec", "template"]],
  ["apps/DaemonSet", ["spec", "template"]],
  ["apps/ReplicaSet", ["spec", "template"]],
  ["batch/Job", ["spec", "template"]],
  ["batch/CronJob", ["spec", "jobTemplate", "spec", "template"]],
]);

function roleOf(
  field: "initContainers" | "containers" | "ephemeralContainers",
  container: IContainer,
): ContainerAt["role"] {
  if (field === "containers") return "container";
  if (field === "ephemeralContainers") return "ephemeral";
  return container.restartPolicy === "Always" ? "sidecar" : "init";
}
