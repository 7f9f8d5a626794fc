import { expect, test } from "vitest";
import { baseline } from "../../policies/pod-security/baseline.ts";
import { restricted } from "../../policies/pod-security/restricted.ts";
import { podTemplateOf } from "../../policies/workload.ts";
import { resourcesIn } from "./resources.ts";

const annotationName = "container.apparmor.security.beta.kubernetes.io/router";

test.each([
  ["a container that says nothing", "containers: [{ name: router }]"],
  ["a default capability", container("securityContext: { capabilities: { add: [CHOWN] } }")],
  ["a port of the pod", container("ports: [{ containerPort: 8080 }]")],
  ["any volume but the node's", "volumes: [{ name: models, nfs: { server: files, path: / } }]"],
  [
    "Unmasked in a user namespace",
    `hostUsers: false, ${container("securityContext: { procMount: Unmasked }")}`,
  ],
  ["a profile of the runtime", "securityContext: { seccompProfile: { type: RuntimeDefault } }"],
])("baseline allows %s", (_, spec) => {
  expect(refusals(baseline, spec)).toEqual([]);
});

test.each([
  ["a host path", "volumes: [{ name: logs, hostPath: { path: /var/log } }]", "hostPathVolumes"],
  [
    "a capability of the node",
    container("securityContext: { capabilities: { add: [NET_RAW] } }"),
    "capabilities_baseline",
  ],
  ["Unmasked", container("securityContext: { procMount: Unmasked }"), "procMount"],
  [
    "no seccomp",
    "securityContext: { seccompProfile: { type: Unconfined } }",
    "seccompProfile_baseline",
  ],
])("baseline refuses %s", (_, spec, id) => {
  expect(refusals(baseline, spec)).toEqual([id]);
});

test.each([
  ["", []],
  ["runtime/default", []],
  ["localhost/router", []],
  ["unconfined", ["appArmorProfile"]],
])("the AppArmor annotation %j gives %j", (profile, ids) => {
  expect(refusals(baseline, "containers: []", `${annotationName}: "${profile}"`)).toEqual(ids);
});

test("an annotation of something else is not read", () => {
  expect(refusals(baseline, "containers: []", "example.com/profile: unconfined")).toEqual([]);
});

test("restricted knows root by number, in the pod and in a container", () => {
  const secure = "runAsNonRoot: true, seccompProfile: { type: RuntimeDefault }";
  const own = "runAsUser: 0, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }";
  const spec = `securityContext: { ${secure}, runAsUser: 0 }, ${container(`securityContext: { ${own} }`)}`;
  expect(refusals(restricted, spec)).toEqual(["runAsUser", "runAsUser"]);
  expect(refusals(restricted, spec.replaceAll("runAsUser: 0", "runAsUser: 1001"))).toEqual([]);
});

function container(fields: string): string {
  return `containers: [{ name: router, ${fields} }]`;
}

/** The ids of the checks of a level that a pod does not pass, once for each violation. */
function refusals(level: typeof baseline, spec: string, annotation = "example.com/a: b"): string[] {
  const yaml = `{ apiVersion: v1, kind: Pod, metadata: { name: router, annotations: { ${annotation} } }, spec: { ${spec} } }`;
  return resourcesIn(yaml).flatMap((resource) => {
    const pod = podTemplateOf(resource);
    return level.flatMap(({ id, check }) => (pod ? [...check(pod)].map(() => id) : []));
  });
}
