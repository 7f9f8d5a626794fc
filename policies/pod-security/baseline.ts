import type { IContainerPort } from "kubernetes-models/v1/ContainerPort";
import type { IProbe } from "kubernetes-models/v1/Probe";
import type { ISysctl } from "kubernetes-models/v1/Sysctl";
import type { IVolume } from "kubernetes-models/v1/Volume";
import { objectsIn, shown, stringsIn } from "../values.ts";
import { containersIn, type PodTemplate } from "../workload.ts";
import { defaultCapabilities, profileTypes, safeSysctls, seLinuxTypes } from "./allowed.ts";
import {
  type Control,
  containerContexts,
  contexts,
  podContext,
  type Violation,
} from "./control.ts";

/**
 * The level `baseline` of the Pod Security Standards as Kubernetes 1.36 judges it: what no pod may
 * do without being root on its node.
 */
export const baseline: readonly Control[] = [
  { id: "hostNamespaces", check: hostNamespaces },
  { id: "hostPathVolumes", check: hostPathVolumes },
  { id: "hostPorts", check: hostPorts },
  { id: "hostProbesAndHostLifecycle", check: hostProbesAndHostLifecycle },
  { id: "privileged", check: privileged },
  { id: "capabilities_baseline", check: capabilities },
  { id: "procMount", check: (pod) => (pod.spec.hostUsers === false ? [] : procMount(pod)) },
  { id: "seLinuxOptions", check: seLinuxOptions },
  { id: "seccompProfile_baseline", check: seccompProfile },
  { id: "appArmorProfile", check: appArmorProfile },
  { id: "sysctls", check: sysctls },
  { id: "windowsHostProcess", check: windowsHostProcess },
];

/** The masks of /proc stay on. The level `restricted` asks it of pods in a user namespace too. */
export function* procMount(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of containerContexts(pod)) {
    const mount = value.procMount ?? "Default";
    if (mount === "Default") continue;
    yield {
      path: [...path, "procMount"],
      message: `${owner} sets "procMount" to "${shown(mount)}"`,
    };
  }
}

function* hostNamespaces({ path, spec }: PodTemplate): Generator<Violation> {
  for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const) {
    if (spec[field] !== true) continue;
    yield {
      path: [...path, "spec", field],
      message: `The pod shares its node: "${field}" is true`,
    };
  }
}

function* hostPathVolumes({ path, spec }: PodTemplate): Generator<Violation> {
  for (const [index, volume] of objectsIn<IVolume>(spec.volumes)) {
    if (!volume.hostPath) continue;
    yield {
      path: [...path, "spec", "volumes", index, "hostPath"],
      message: `Volume "${shown(volume.name)}" is a directory of the node: "${shown(volume.hostPath.path)}"`,
    };
  }
}

function* hostPorts(pod: PodTemplate): Generator<Violation> {
  for (const { title, container, path } of containersIn(pod)) {
    for (const [index, port] of objectsIn<IContainerPort>(container.ports)) {
      if (!port.hostPort) continue;
      yield {
        path: [...path, "ports", index, "hostPort"],
        message: `${title} takes port ${shown(port.hostPort)} of its node`,
      };
    }
  }
}

function* hostProbesAndHostLifecycle(pod: PodTemplate): Generator<Violation> {
  for (const { title, container, path } of containersIn(pod)) {
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
    const handlers: [string[], Pick<IProbe, "httpGet" | "tcpSocket"> | undefined][] = [
      [["livenessProbe"], livenessProbe],
      [["readinessProbe"], readinessProbe],
      [["startupProbe"], startupProbe],
      [["lifecycle", "postStart"], lifecycle?.postStart],
      [["lifecycle", "preStop"], lifecycle?.preStop],
    ];
    for (const [field, handler] of handlers) {
      for (const action of ["httpGet", "tcpSocket"] as const) {
        const host = handler?.[action]?.host;
        if (!host) continue;
        yield {
          path: [...path, ...field, action, "host"],
          message: `${title} has its "${field.at(-1)}" call the host "${shown(host)}" instead of the pod`,
        };
      }
    }
  }
}

function* privileged(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of containerContexts(pod)) {
    if (value.privileged !== true) continue;
    yield { path: [...path, "privileged"], message: `${owner} is privileged` };
  }
}

function* capabilities(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of containerContexts(pod)) {
    for (const [index, name] of stringsIn(value.capabilities?.add)) {
      if (defaultCapabilities.has(name)) continue;
      yield {
        path: [...path, "capabilities", "add", index],
        message: `${owner} adds the capability "${name}"`,
      };
    }
  }
}

function* seLinuxOptions(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of contexts(pod)) {
    const { type, user, role } = value.seLinuxOptions ?? {};
    const options: [string, string | undefined, boolean][] = [
      ["type", type, seLinuxTypes.has(type ?? "")],
      ["user", user, !user],
      ["role", role, !role],
    ];
    for (const [field, option, allowed] of options) {
      if (allowed) continue;
      yield {
        path: [...path, "seLinuxOptions", field],
        message: `${owner} sets the SELinux ${field} "${shown(option)}"`,
      };
    }
  }
}

function* seccompProfile(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of contexts(pod)) {
    const type = value.seccompProfile?.type;
    if (!value.seccompProfile || profileTypes.has(shown(type))) continue;
    yield {
      path: [...path, "seccompProfile", "type"],
      message: `${owner} has the seccomp profile "${shown(type)}"`,
    };
  }
}

function* appArmorProfile(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of contexts(pod)) {
    const type = value.appArmorProfile?.type;
    if (!value.appArmorProfile || profileTypes.has(shown(type))) continue;
    yield {
      path: [...path, "appArmorProfile", "type"],
      message: `${owner} has the AppArmor profile "${shown(type)}"`,
    };
  }
  for (const [name, profile] of Object.entries(pod.annotations)) {
    if (!name.startsWith("container.apparmor.security.beta.kubernetes.io/")) continue;
    if (profile === "" || profile === "runtime/default" || profile.startsWith("localhost/"))
      continue;
    yield {
      path: [...pod.path, "metadata", "annotations", name],
      message: `An annotation sets the AppArmor profile "${profile}"`,
    };
  }
}

function* sysctls(pod: PodTemplate): Generator<Violation> {
  const { owner, value, path } = podContext(pod);
  for (const [index, { name }] of objectsIn<ISysctl>(value.sysctls)) {
    if (safeSysctls.has(name)) continue;
    yield {
      path: [...path, "sysctls", index, "name"],
      message: `${owner} sets the sysctl "${shown(name)}"`,
    };
  }
}

function* windowsHostProcess(pod: PodTemplate): Generator<Violation> {
  for (const { owner, value, path } of contexts(pod)) {
    if (value.windowsOptions?.hostProcess !== true) continue;
    yield {
      path: [...path, "windowsOptions", "hostProcess"],
      message: `${owner} runs as a process of its node`,
    };
  }
}
