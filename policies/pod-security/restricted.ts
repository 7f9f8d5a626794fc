import type { IVolume } from "kubernetes-models/v1/Volume";
import { objectsIn, shown, stringsIn } from "../values.ts";
import type { PodTemplate } from "../workload.ts";
import { profileTypes, volumeTypes } from "./allowed.ts";
import { baseline, procMount } from "./baseline.ts";
import { type Control, containerContexts, contexts, inherited, type Violation } from "./control.ts";

/**
 * The level `restricted` of the Pod Security Standards as Kubernetes 1.36 judges it. Four of its
 * checks take the place of weaker ones of `baseline`, so that one mistake is told once.
 */
export const restricted: readonly Control[] = [
  ...baseline.filter(({ id }) => !stricterHere(id)),
  { id: "restrictedVolumes", check: restrictedVolumes },
  { id: "allowPrivilegeEscalation", check: unlessWindows(allowPrivilegeEscalation) },
  { id: "runAsNonRoot", check: unlessUserNamespace(runAsNonRoot) },
  { id: "runAsUser", check: unlessUserNamespace(runAsUser) },
  { id: "seccompProfile_restricted", check: unlessWindows(seccompProfile) },
  { id: "capabilities_restricted", check: unlessWindows(capabilities) },
  { id: "procMount_restricted", check: procMount },
];

type Check = Control["check"];

function stricterHere(id: string): boolean {
  return [
    "hostPathVolumes",
    "seccompProfile_baseline",
    "capabilities_baseline",
    "procMount",
  ].includes(id);
}

/** The fields do not exist for pods of Windows nodes. */
function unlessWindows(check: Check): Check {
  return (pod) => (pod.spec.os?.name === "windows" ? [] : check(pod));
}

/** Root in a user namespace is nobody on the node. */
function unlessUserNamespace(check: Check): Check {
  return (pod) => (pod.spec.hostUsers === false ? [] : check(pod));
}

function* restrictedVolumes({ path, spec }: PodTemplate): Generator<Violation> {
  for (const [index, volume] of objectsIn<IVolume>(spec.volumes)) {
    const type = Object.keys(volume).find((key) => key !== "name" && !volumeTypes.has(key));
    // A volume without any type is an emptyDir.
    if (type === undefined) continue;
    yield {
      path: [...path, "spec", "volumes", index, type],
      message: `Volume "${shown(volume.name)}" has the type "${type}"`,
    };
  }
}

function* allowPrivilegeEscalation(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of containerContexts(pod)) {
    if (value.allowPrivilegeEscalation === false) continue;
    yield {
      path: [...path, "allowPrivilegeEscalation"],
      message: `${owner} may gain privileges: "allowPrivilegeEscalation" is not false`,
    };
  }
}

function runAsNonRoot(pod: PodTemplate): Iterable<Violation> {
  return inherited(pod, {
    path: ["runAsNonRoot"],
    read: ({ runAsNonRoot }) => runAsNonRoot,
    allows: (value) => value === true,
    forbidden: () => `may run as root: "runAsNonRoot" is not true`,
    missing: `may run as root: "runAsNonRoot" is not set`,
  });
}

function* runAsUser(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of contexts(pod)) {
    if (value.runAsUser !== 0) continue;
    yield { path: [...path, "runAsUser"], message: `${owner} runs as root: "runAsUser" is 0` };
  }
}

function seccompProfile(pod: PodTemplate): Iterable<Violation> {
  return inherited(pod, {
    path: ["seccompProfile", "type"],
    read: ({ seccompProfile }) => seccompProfile && shown(seccompProfile.type),
    allows: (value) => profileTypes.has(String(value)),
    forbidden: (value) => `has the seccomp profile "${value}"`,
    missing: "has no seccomp profile",
  });
}

function* capabilities(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of containerContexts(pod)) {
    const { drop, add } = value.capabilities ?? {};
    if (![...stringsIn(drop)].some(([, name]) => name === "ALL")) {
      yield {
        path: [...path, "capabilities", "drop"],
        message: `${owner} does not drop "ALL" capabilities`,
      };
    }
    for (const [index, name] of stringsIn(add)) {
      if (name === "NET_BIND_SERVICE") continue;
      yield {
        path: [...path, "capabilities", "add", index],
        message: `${owner} adds the capability "${name}"`,
      };
    }
  }
}
