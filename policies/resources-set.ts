import type { IResourceRequirements } from "kubernetes-models/v1/ResourceRequirements";
import type { Policy } from "./policy.ts";
import { containersIn, podTemplateOf } from "./workload.ts";

/**
 * The scheduler counts requests, the autoscaler divides by them, and a container without a memory
 * limit takes its node down before it takes itself down. A CPU limit only slows, so none is asked.
 */
export const resourcesSet: Policy = {
  id: "resources-set",
  severity: "error",
  description: "Every container requests CPU and memory and has a memory limit",
  help: "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory; measure once, then write the number down",
  check(resources, report) {
    for (const resource of resources) {
      const pod = podTemplateOf(resource);
      if (!pod) continue;
      for (const { container, title, role, path } of containersIn(pod)) {
        // The API does not let ephemeral containers have any.
        if (role === "ephemeral") continue;
        const missing = missingIn(container.resources, pod.spec.resources);
        if (missing.length === 0) continue;
        report(resource, {
          path: [...path, "resources"],
          message: `${title} has no ${missing.join(", no ")}`,
        });
      }
    }
  },
};

/** A request that is not set is the limit where there is one; a pod may hold both for its containers. */
function missingIn(own?: IResourceRequirements, ofPod?: IResourceRequirements): string[] {
  const isSet = (field: "requests" | "limits", name: string) =>
    (own?.[field]?.[name] ?? ofPod?.[field]?.[name] ?? null) !== null;
  return [
    ...["cpu", "memory"].flatMap((name) =>
      isSet("requests", name) || isSet("limits", name) ? [] : [`${spoken(name)} request`],
    ),
    ...(isSet("limits", "memory") ? [] : ["memory limit"]),
  ];
}

function spoken(name: string): string {
  return name === "cpu" ? "CPU" : name;
}
