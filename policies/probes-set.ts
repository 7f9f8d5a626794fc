import { groupKind } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { containersOf } from "./workload.ts";

/** A rollout, a Service and a drain all believe readiness; only liveness ends a hang. */
export const probesSet: Policy = {
  id: "probes-set",
  severity: "error",
  description: "Every container that keeps running says when it is ready and whether it lives",
  help: "Set readinessProbe and livenessProbe; a startupProbe only postpones them",
  check(resources, report) {
    for (const resource of resources) {
      if (!longRunning.has(groupKind(resource.manifest))) continue;
      for (const { container, title, role, path } of containersOf(resource)) {
        if (role !== "container" && role !== "sidecar") continue;
        for (const field of ["readinessProbe", "livenessProbe"] as const) {
          if (actions.some((action) => container[field]?.[action])) continue;
          report(resource, {
            path: [...path, field],
            message: `${title} has no ${field === "readinessProbe" ? "readiness" : "liveness"} probe`,
          });
        }
      }
    }
  },
};

const longRunning: ReadonlySet<string> = new Set([
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
]);

/** A probe without an action is refused, or does nothing. */
const actions = ["httpGet", "tcpSocket", "grpc", "exec"] as const;
