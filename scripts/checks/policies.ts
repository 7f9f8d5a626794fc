import { policies } from "../../policies/index.ts";
import type { Policy } from "../../policies/policy.ts";
import { formatPath, type Resource, resourceId } from "../fleet/resource.ts";
import type { Target } from "../fleet/target.ts";
import type { Check } from "./check.ts";
import type { Finding } from "./finding.ts";

/** Asks the rules of `policies/` about what every overlay renders, and some about what apps/ and clusters/ do. */
export const policiesCheck: Check = {
  id: "policies",
  description: "What the overlays render keeps to the rules in policies/",
  run: ({ renderings }) => ({
    status: "ran",
    findings: renderings.flatMap(({ target, resources }) =>
      policyFindings(
        target,
        resources,
        target.directory.startsWith("overlays/") ? policies : general,
      ),
    ),
  }),
};

const general = policies.filter(({ everywhere }) => everywhere);

/** What the rules find in the resources of one target. */
export function policyFindings(
  target: Target,
  resources: readonly Resource[],
  rules: readonly Policy[] = policies,
): Finding[] {
  const findings: Finding[] = [];
  for (const { id, severity, help, environments, check } of rules) {
    if (environments && !environments.includes(target.environment)) continue;
    check(resources, (resource, { path, message }) => {
      findings.push({
        rule: id,
        severity,
        message,
        help,
        place: resource.placeOf(path),
        target,
        resource: resourceId(resource.manifest),
        path: formatPath(path),
      });
    });
  }
  return findings;
}
