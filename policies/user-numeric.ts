import type { Path } from "../scripts/fleet/resource.ts";
import type { Policy } from "./policy.ts";
import { shown } from "./values.ts";
import { type ContainerAt, containersIn, type PodTemplate, podTemplateOf } from "./workload.ts";

/**
 * `runAsNonRoot` alone is not enough: where an image names its user, the kubelet cannot tell whether
 * it is root and refuses the container, after the merge and on every node.
 */
export const userNumeric: Policy = {
  id: "user-numeric",
  severity: "error",
  description: "Every container runs as a user that is given by number and is not root",
  help: "Set securityContext.runAsUser of the pod to the number that the image's user has",
  check(resources, report) {
    for (const resource of resources) {
      const pod = podTemplateOf(resource);
      if (pod?.spec.os?.name === "windows") continue;
      for (const violation of pod ? violationsOf(pod) : []) report(resource, violation);
    }
  },
};

function* violationsOf(pod: PodTemplate): Generator<{ path: Path; message: string }> {
  const ofPod = pod.spec.securityContext?.runAsUser ?? undefined;
  const all = containersIn(pod);
  const inheriting = all.filter(({ container }) => userOf(container) === undefined);
  for (const { container, title, path } of all) {
    const fault = faultOf(userOf(container));
    if (fault === undefined) continue;
    const field = [...path, "securityContext", "runAsUser"];
    yield { path: field, message: `${title} ${fault}` };
  }
  const podPath = [...pod.path, "spec", "securityContext", "runAsUser"];
  if (ofPod !== undefined) {
    const fault = faultOf(ofPod);
    if (fault !== undefined) yield { path: podPath, message: `The pod ${fault}` };
  } else if (inheriting.length > 0) {
    const who = inheriting.map(({ title }) => title).join(" and ");
    const verb = inheriting.length === 1 ? "runs" : "run";
    yield { path: podPath, message: `${who} ${verb} as whatever user the image names` };
  }
}

function userOf(container: ContainerAt["container"]): unknown {
  return container.securityContext?.runAsUser ?? undefined;
}

function faultOf(user: unknown): string | undefined {
  if (user === undefined) return undefined;
  if (user === 0) return 'runs as root: "runAsUser" is 0';
  return Number.isInteger(user) ? undefined : `names its user "${shown(user)}" instead of a number`;
}
