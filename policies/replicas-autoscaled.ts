import { autoscalerOf, autoscalersOf } from "./autoscaler.ts";
import { title } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { shown, valueAt } from "./values.ts";

/** Two owners of one number undo each other: every sync, or every few seconds. */
export const replicasAutoscaled: Policy = {
  id: "replicas-autoscaled",
  severity: "error",
  description: "The replicas of a workload have one owner: git or one autoscaler",
  help: "Remove spec.replicas of a workload that an autoscaler targets, and all but one of its autoscalers",
  check(resources, report) {
    const autoscalers = autoscalersOf(resources);
    for (const resource of resources) {
      const owner = autoscalerOf(resource.manifest, autoscalers);
      const replicas = owner && (valueAt(resource.manifest, ["spec", "replicas"]) ?? undefined);
      // Where it holds bounds, as in a TermitePool, the scaled number is one of its fields.
      if (!owner || replicas === undefined || typeof replicas === "object") continue;
      report(resource, {
        path: ["spec", "replicas"],
        message: `${title(resource.manifest)} sets "replicas" to ${shown(replicas)}, which ${title(owner.resource.manifest)} owns`,
      });
    }
    for (const [first, ...others] of autoscalers.values()) {
      for (const { resource, target } of others) {
        if (!first) continue;
        report(resource, {
          path: ["spec", "scaleTargetRef"],
          message: `${title(resource.manifest)} scales ${target.kind} "${target.name}", which ${title(first.resource.manifest)} scales already`,
        });
      }
    }
  },
};
