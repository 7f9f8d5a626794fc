import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import type { ToolName } from "../tools/tools.ts";
import { createProxyCertificate, createServiceAccountKey } from "./certificates.ts";
import { waitFor } from "./wait.ts";
import { freePorts, type Workspace } from "./workspace.ts";

/** A running API server with its controllers and scheduler, all on loopback. */
export type ControlPlane = {
  /** Path of the kubeconfig of an administrator; its namespace is Argo CD's. */
  readonly kubeconfig: string;
  /** Writes a kubeconfig for a token; returns its path. */
  readonly kubeconfigFor: (name: string, namespace: string, token: string) => string;
};

/** The programs of a control plane. */
export const controlPlaneTools = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
] as const satisfies readonly ToolName[];

/**
 * Starts etcd, the API server, all controllers and the scheduler, and waits until `/readyz` answers.
 * `egressSocket` is where the API server sends what it would dial at a ClusterIP: webhooks and
 * aggregated APIs (Kubernetes: EgressSelectorConfiguration, selection `cluster`).
 */
export async function startControlPlane(
  workspace: Workspace,
  binaries: Readonly<Record<(typeof controlPlaneTools)[number], string>>,
  egressSocket: string,
): Promise<ControlPlane> {
  const [client = 0, peer = 0, secure = 0] = await freePorts(3);
  const token = randomBytes(24).toString("hex");
  const server = `https://127.0.0.1:${secure}`;
  const keys = createServiceAccountKey();
  const privateKey = workspace.write("pki/service-account.key", keys.privateKey);
  const publicKey = workspace.write("pki/service-account.pub", keys.publicKey);
  const tokens = workspace.write("pki/tokens.csv", `${token},admin,admin,system:masters\n`);
  const authority = workspace.path("pki", "apiserver.crt");
  const kubeconfig = workspace.write(
    "kubeconfig",
    printKubeconfig({ server, authority, name: "admin", namespace: "argocd", token }),
  );
  const proxy = await createProxyCertificate("front-proxy");
  const egress = workspace.write("egress.json", printEgressSelector(egressSocket));

  await workspace.start("etcd", {
    file: binaries.etcd,
    args: [
      `--data-dir=${workspace.path("etcd")}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      // Nothing of a rehearsal outlives a power cut: do not wait for the disk.
      "--unsafe-no-fsync",
    ],
  });
  await workspace.start("kube-apiserver", {
    file: binaries["kube-apiserver"],
    args: [
      `--etcd-servers=http://127.0.0.1:${client}`,
      `--secure-port=${secure}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--cert-dir=${workspace.path("pki")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${publicKey}`,
      `--service-account-signing-key-file=${privateKey}`,
      `--token-auth-file=${tokens}`,
      "--authorization-mode=RBAC,Node",
      "--service-cluster-ip-range=10.96.0.0/16",
      "--allow-privileged=true",
      `--egress-selector-config-file=${egress}`,
      // Who an aggregated API is asked for travels in headers, and this certificate vouches for them.
      `--requestheader-client-ca-file=${workspace.write("pki/proxy-authority.crt", proxy.authority)}`,
      `--proxy-client-cert-file=${workspace.write("pki/proxy.crt", proxy.certificate)}`,
      `--proxy-client-key-file=${workspace.write("pki/proxy.key", proxy.privateKey)}`,
      "--requestheader-allowed-names=front-proxy",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-username-headers=X-Remote-User",
    ],
    // Half of its work was collecting garbage, of schemas above all: let some lie. At its limit, 3 GiB
    // of which five systems need, it would collect all the time.
    env: { GOGC: "400", GOMEMLIMIT: "4GiB" },
  });
  await waitFor("the API server", 60, async () => {
    workspace.assertRunning();
    return isReady(workspace, server, token);
  });
  await workspace.start("kube-controller-manager", {
    file: binaries["kube-controller-manager"],
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${privateKey}`,
      "--use-service-account-credentials=true",
      "--leader-elect=false",
      "--secure-port=0",
      // Binds claims of every storage class of the simulated cluster.
      "--enable-hostpath-provisioner=true",
      // A real HPA waits 15 s between looks; a rehearsal wants its verdict.
      "--horizontal-pod-autoscaler-sync-period=2s",
      // Simulated pods use the same from their first second: there is no start-up to look past.
      "--horizontal-pod-autoscaler-initial-readiness-delay=0s",
      "--horizontal-pod-autoscaler-cpu-initialization-period=0s",
    ],
  });
  await workspace.start("kube-scheduler", {
    file: binaries["kube-scheduler"],
    args: [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"],
  });
  return {
    kubeconfig,
    kubeconfigFor: (name, namespace, theirs) =>
      workspace.write(
        `kubeconfigs/${name}`,
        printKubeconfig({ server, authority, name, namespace, token: theirs }),
      ),
  };
}

function isReady(workspace: Workspace, server: string, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const ca = readFileSync(workspace.path("pki", "apiserver.crt"));
      const headers = { authorization: `Bearer ${token}` };
      get(`${server}/readyz`, { ca, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      }).on("error", () => resolve(false));
    } catch {
      // The API server has not written its certificate yet.
      resolve(false);
    }
  });
}

type User = {
  readonly server: string;
  /** Path of the API server's own certificate. */
  readonly authority: string;
  readonly name: string;
  readonly namespace: string;
  readonly token: string;
};

/** JSON is YAML: kubectl, client-go and the API server read either. */
function printKubeconfig({ server, authority, name, namespace, token }: User): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "rehearsal",
    contexts: [{ name: "rehearsal", context: { cluster: "rehearsal", user: name, namespace } }],
    clusters: [{ name: "rehearsal", cluster: { server, "certificate-authority": authority } }],
    users: [{ name, user: { token } }],
  });
}

function printEgressSelector(socket: string): string {
  return JSON.stringify({
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [
      {
        name: "cluster",
        connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: socket } } },
      },
    ],
  });
}
