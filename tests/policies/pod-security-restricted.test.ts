import { expect, test } from "vitest";
import { podSecurityRestricted } from "../../policies/pod-security-restricted.ts";
import { violations } from "./resources.ts";

/** A pod that keeps to the level, with other fields in its spec and in its container. */
function pod(spec: string, container = ""): string {
  return `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      ${spec}
      containers:
        - name: router
          ${container}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }`;
}

const secure = "securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }";

test.each([
  ["the pod sets what containers inherit", pod(secure)],
  [
    "the container sets everything itself",
    `
      apiVersion: v1
      kind: Pod
      metadata: { name: router }
      spec:
        containers:
          - name: router
            securityContext:
              allowPrivilegeEscalation: false
              capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }
              runAsNonRoot: true
              seccompProfile: { type: Localhost, localhostProfile: router.json }`,
  ],
  [
    "volumes that stay inside the pod",
    pod(`volumes: [{ name: a, emptyDir: {} }, { name: b, image: {} }]\n      ${secure}`),
  ],
  ["a volume without a type, which is an emptyDir", pod(`volumes: [{ name: a }]\n      ${secure}`)],
  [
    "a safe sysctl",
    pod(
      "securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault }, sysctls: [{ name: net.ipv4.tcp_syncookies, value: '1' }] }",
    ),
  ],
  [
    "root in a user namespace",
    pod("hostUsers: false\n      securityContext: { seccompProfile: { type: RuntimeDefault } }"),
  ],
  [
    "Windows, which has no such fields",
    pod("os: { name: windows }\n      securityContext: { runAsNonRoot: true }"),
  ],
])("allowed: %s", (_, yaml) => {
  expect(violations(podSecurityRestricted, yaml)).toEqual([]);
});

test.each([
  ["hostNetwork: true", 'spec.hostNetwork: The pod shares its node: "hostNetwork" is true'],
  ["hostPID: true", 'spec.hostPID: The pod shares its node: "hostPID" is true'],
  ["hostIPC: true", 'spec.hostIPC: The pod shares its node: "hostIPC" is true'],
  [
    "volumes: [{ name: logs, hostPath: { path: /var/log } }]",
    'spec.volumes[0].hostPath: Volume "logs" has the type "hostPath"',
  ],
  [
    "volumes: [{ name: models, nfs: { server: files, path: / } }]",
    'spec.volumes[0].nfs: Volume "models" has the type "nfs"',
  ],
])("forbidden in a pod: %s", (spec, finding) => {
  expect(violations(podSecurityRestricted, pod(`${spec}\n      ${secure}`))).toEqual([finding]);
});

test.each([
  [
    "runAsNonRoot: false",
    'spec.securityContext.runAsNonRoot: The pod may run as root: "runAsNonRoot" is not true',
  ],
  [
    "seLinuxOptions: { type: spc_t }",
    'spec.securityContext.seLinuxOptions.type: The pod sets the SELinux type "spc_t"',
  ],
  [
    "seLinuxOptions: { user: root }",
    'spec.securityContext.seLinuxOptions.user: The pod sets the SELinux user "root"',
  ],
  [
    "appArmorProfile: { type: Unconfined }",
    'spec.securityContext.appArmorProfile.type: The pod has the AppArmor profile "Unconfined"',
  ],
  [
    "windowsOptions: { hostProcess: true }",
    "spec.securityContext.windowsOptions.hostProcess: The pod runs as a process of its node",
  ],
  [
    "seccompProfile: { type: Unconfined }",
    'spec.securityContext.seccompProfile.type: The pod has the seccomp profile "Unconfined"',
  ],
  [
    "sysctls: [{ name: kernel.sem, value: '1' }]",
    'spec.securityContext.sysctls[0].name: The pod sets the sysctl "kernel.sem"',
  ],
  [
    "sysctls: [{ name: net.ipv4.tcp_notsent_lowat, value: '1' }]",
    'spec.securityContext.sysctls[0].name: The pod sets the sysctl "net.ipv4.tcp_notsent_lowat"',
  ],
])("forbidden in a pod's security context: %s", (field, finding) => {
  const [name = ""] = field.split(":");
  const rest = ["runAsNonRoot: true", "seccompProfile: { type: RuntimeDefault }"].filter(
    (other) => !other.startsWith(name),
  );
  const spec = `securityContext: { ${[field, ...rest].join(", ")} }`;
  expect(violations(podSecurityRestricted, pod(spec))).toEqual([finding]);
});

test.each([
  [
    "ports: [{ containerPort: 80, hostPort: 80 }]",
    'ports[0].hostPort: Container "router" takes port 80 of its node',
  ],
  [
    "livenessProbe: { httpGet: { host: 127.0.0.1, port: 80 } }",
    'livenessProbe.httpGet.host: Container "router" has its "livenessProbe" call the host "127.0.0.1" instead of the pod',
  ],
  [
    "lifecycle: { preStop: { tcpSocket: { host: db, port: 80 } } }",
    'lifecycle.preStop.tcpSocket.host: Container "router" has its "preStop" call the host "db" instead of the pod',
  ],
])("forbidden in a container: %s", (field, finding) => {
  expect(violations(podSecurityRestricted, pod(secure, field))).toEqual([
    `spec.containers[0].${finding}`,
  ]);
});

test.each([
  [
    "allowPrivilegeEscalation: true",
    'allowPrivilegeEscalation: Container "router" may gain privileges: "allowPrivilegeEscalation" is not false',
  ],
  [
    "capabilities: { drop: [NET_RAW] }",
    'capabilities.drop: Container "router" does not drop "ALL" capabilities',
  ],
  [
    "capabilities: { drop: [ALL], add: [SYS_PTRACE] }",
    'capabilities.add[0]: Container "router" adds the capability "SYS_PTRACE"',
  ],
  ["privileged: true", 'privileged: Container "router" is privileged'],
  ["procMount: Unmasked", 'procMount: Container "router" sets "procMount" to "Unmasked"'],
  [
    "runAsNonRoot: false",
    'runAsNonRoot: Container "router" may run as root: "runAsNonRoot" is not true',
  ],
  [
    "seccompProfile: { type: Unconfined }",
    'seccompProfile.type: Container "router" has the seccomp profile "Unconfined"',
  ],
])("forbidden in a container's security context: %s", (field, finding) => {
  const [name = ""] = field.split(":");
  const rest = ["allowPrivilegeEscalation: false", "capabilities: { drop: [ALL] }"].filter(
    (other) => !other.startsWith(name),
  );
  const yaml = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      ${secure}
      containers:
        - name: router
          securityContext: { ${[field, ...rest].join(", ")} }`;
  expect(violations(podSecurityRestricted, yaml)).toEqual([
    `spec.containers[0].securityContext.${finding}`,
  ]);
});

test("what nobody sets is told once, for the pod", () => {
  const yaml = pod(
    "initContainers: [{ name: fetch, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } }]",
  );
  expect(violations(podSecurityRestricted, yaml)).toEqual([
    'spec.securityContext.runAsNonRoot: The pod may run as root: "runAsNonRoot" is not set',
    "spec.securityContext.seccompProfile.type: The pod has no seccomp profile",
  ]);
});

test("what only some containers set is told for the others", () => {
  const yaml = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      securityContext: { seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: router
          securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
        - name: proxy
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }`;
  expect(violations(podSecurityRestricted, yaml)).toEqual([
    'spec.containers[1].securityContext.runAsNonRoot: Container "proxy" may run as root: "runAsNonRoot" is not set',
  ]);
});

test("the annotation of old for AppArmor still counts, in the pod template", () => {
  const yaml = `
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: router }
    spec:
      template:
        metadata:
          annotations:
            container.apparmor.security.beta.kubernetes.io/router: unconfined
        spec: { containers: [] }`;
  expect(violations(podSecurityRestricted, yaml)).toEqual([
    'spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/router"]: An annotation sets the AppArmor profile "unconfined"',
  ]);
});

test("root by number is left to user-numeric, so that it is told once", () => {
  const spec =
    "securityContext: { runAsUser: 0, runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }";
  expect(violations(podSecurityRestricted, pod(spec))).toEqual([]);
});
