import type { Path, Resource } from "../../fleet/resource.ts";
import { mapping, text, valueAt } from "../../yaml/value.ts";
import { findingAt, nameAt } from "../argo/report.ts";
import type { Check } from "../check.ts";
import type { Finding } from "../finding.ts";
import { ownedBy } from "./owned.ts";

/** Says whether what scalers set is what anything reads, and stays within what it may be. */
export const autoscalingCheck: Check = {
  id: "autoscaling",
  description: "Scalers target what nobody else sets, within the bounds of a pool",
  run: ({ renderings }) => ({
    status: "ran",
    findings: renderings.flatMap(({ resources }) => autoscalingFindings(resources)),
  }),
};

/** What is wrong with the ScaledObjects and HPAs of one target. */
export function autoscalingFindings(resources: readonly Resource[]): Finding[] {
  return resources.flatMap((scaler) => {
    const { kind, metadata, spec } = scaler.manifest;
    if (kind !== "ScaledObject" && kind !== "HorizontalPodAutoscaler") return [];
    const reference = mapping(mapping(spec).scaleTargetRef);
    const target = {
      kind: text(reference.kind) ?? "Deployment",
      name: text(reference.name) ?? "",
      namespace: metadata.namespace,
    };
    const owner = ownedBy(target, resources);
    if (owner !== undefined) return [ownedFinding(scaler, target, owner)];
    const pool = resources.find(
      ({ manifest }) =>
        target.kind === "TermitePool" &&
        manifest.kind === target.kind &&
        manifest.metadata.name === target.name &&
        manifest.metadata.namespace === target.namespace,
    );
    return pool === undefined
      ? []
      : [...boundFindings(scaler, pool), ...selectorFindings(pool, scaler)];
  });
}

type Target = { readonly kind: string; readonly name: string };

const TARGET: Path = ["spec", "scaleTargetRef"];

function ownedFinding(
  scaler: Resource,
  { kind, name }: Target,
  { resource, field }: NonNullable<ReturnType<typeof ownedBy>>,
): Finding {
  const owner = resource.manifest.kind;
  return findingAt(scaler, TARGET, {
    rule: "scaler-target-owned",
    message: `${scaler.manifest.kind} "${scaler.manifest.metadata.name}" scales ${kind} "${name}", whose replicas the operator of ${owner} ${nameAt(resource, ["metadata", "name"])} sets back to "${field}"`,
    help:
      owner === "TermitePool"
        ? `Scale the ${owner}: apiVersion ${resource.manifest.apiVersion}, kind ${owner}, name ${resource.manifest.metadata.name}`
        : `Set "${field}" of the ${owner}, or scale that`,
  });
}

/** The operator turns a pool Degraded whose minimum, which is what is scaled, is above its maximum. */
function boundFindings(scaler: Resource, pool: Resource): Finding[] {
  const { minReplicaCount, maxReplicaCount, minReplicas, maxReplicas } = mapping(
    scaler.manifest.spec,
  );
  const isKeda = scaler.manifest.kind === "ScaledObject";
  const [least, most] = isKeda
    ? [minReplicaCount ?? 0, maxReplicaCount ?? 100]
    : [minReplicas ?? 1, maxReplicas];
  const replicas = mapping(mapping(pool.manifest.spec).replicas);
  const bound = (
    field: string,
    value: unknown,
    side: "min" | "max",
    isWithin: (value: number, bound: number) => boolean,
  ) =>
    isWithin(Number(value), Number(replicas[side] ?? 0))
      ? []
      : [
          findingAt(scaler, ["spec", field], {
            rule: "scaler-bounds",
            message: `"${field}" of ${scaler.manifest.kind} "${scaler.manifest.metadata.name}" is ${value}, and TermitePool ${nameAt(pool, ["spec", "replicas", side])} may have ${side === "max" ? "at most" : "no fewer than"} ${replicas[side]}`,
            help: `Set "${field}" to ${replicas[side]}, or "spec.replicas.${side}" of the pool to ${value}, and its node pool's limit with it`,
          }),
        ];
  return [
    ...bound(
      isKeda ? "minReplicaCount" : "minReplicas",
      least,
      "min",
      (value, min) => value >= min,
    ),
    ...bound(isKeda ? "maxReplicaCount" : "maxReplicas", most, "max", (value, max) => value <= max),
  ];
}

/** An autoscaler reads the pods' selector from `/scale`, and the operator never writes one. */
function selectorFindings(pool: Resource, scaler: Resource): Finding[] {
  const { name } = pool.manifest.metadata;
  const selector = valueAt(pool.manifest, ["spec", "scaleSelector"]);
  const terms = String(selector ?? "").split(",");
  if (terms.includes(`antfly.io/pool=${name}`) && terms.every((term) => own(name).has(term))) {
    return [];
  }
  return [
    findingAt(pool, ["spec", "scaleSelector"], {
      rule: "scaler-selector",
      message: `TermitePool "${name}" ${selector === undefined ? "does not say which pods are its own" : `says that its pods are "${selector}"`}, which ${scaler.manifest.kind} ${nameAt(scaler, TARGET)} reads`,
      help: `Set "spec.scaleSelector" to "app.kubernetes.io/name=termite,antfly.io/pool=${name}"`,
    }),
  ];
}

/** Labels that the operator gives to every pod of a pool. */
function own(pool: string): ReadonlySet<string> {
  return new Set([
    "app.kubernetes.io/name=termite",
    "app.kubernetes.io/component=termite-pool",
    `app.kubernetes.io/instance=${pool}`,
    `antfly.io/pool=${pool}`,
  ]);
}
