import { restricted } from "./pod-security/restricted.ts";
import type { Policy } from "./policy.ts";
import { podTemplateOf } from "./workload.ts";

/** What a namespace that enforces `restricted` would refuse, said before the merge. */
export const podSecurityRestricted: Policy = {
  id: "pod-security-restricted",
  severity: "error",
  description: "Every pod keeps to the level restricted of the Pod Security Standards",
  help: "See https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted; a pod that a namespace refuses never starts, and its Deployment only says so in its events",
  check(resources, report) {
    for (const resource of resources) {
      const pod = podTemplateOf(resource);
      if (!pod) continue;
      for (const { check } of controls) {
        for (const violation of check(pod)) report(resource, violation);
      }
    }
  },
};

/** `runAsUser` is told by the rule `user-numeric`, which asks for more. */
const controls = restricted.filter(({ id }) => id !== "runAsUser");
