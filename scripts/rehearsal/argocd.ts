import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname } from "node:path";
import type { Manifest } from "../fleet/resource.ts";
import { freePorts, type Workspace } from "./workspace.ts";

/** The programs of Argo CD's core: what syncs, without its user interface. */
export const argocdTools = ["argocd", "helm", "kustomize", "redis"] as const;

/**
 * Starts Argo CD's repo server and application controller with the settings that the environment's
 * own ConfigMaps give them; `manifests` are Argo CD's rendered ones.
 */
export async function startArgocd(
  workspace: Workspace,
  binaries: Readonly<Record<(typeof argocdTools)[number], string>>,
  kubeconfig: string,
  manifests: readonly Manifest[],
): Promise<void> {
  const [redis = 0, repoServer = 0, repoServerMetrics = 0, controllerMetrics = 0] =
    await freePorts(4);
  const env = {
    ...processEnvironment(workspace, [binaries.helm, binaries.kustomize]),
    KUBECONFIG: kubeconfig,
  };
  await workspace.start("redis", { file: binaries.redis, args: [`127.0.0.1:${redis}`] });
  await workspace.start("argocd-repo-server", {
    file: binaries.argocd,
    args: [
      "--address=127.0.0.1",
      `--port=${repoServer}`,
      "--metrics-address=127.0.0.1",
      `--metrics-port=${repoServerMetrics}`,
      `--redis=127.0.0.1:${redis}`,
      "--disable-tls",
      "--client-ca-path=",
    ],
    env: {
      ...env,
      ...settingsOf(manifests, "argocd-repo-server"),
      ARGOCD_BINARY_NAME: "argocd-repo-server",
    },
  });
  await workspace.start("argocd-application-controller", {
    file: binaries.argocd,
    args: [
      "--namespace=argocd",
      `--redis=127.0.0.1:${redis}`,
      `--repo-server=127.0.0.1:${repoServer}`,
      "--repo-server-plaintext",
      `--metrics-port=${controllerMetrics}`,
    ],
    env: {
      ...env,
      ...settingsOf(manifests, "argocd-application-controller"),
      ARGOCD_BINARY_NAME: "argocd-application-controller",
      GOGC: "400",
      GOMEMLIMIT: "3GiB",
    },
  });
}

/**
 * The environment variables that a workload's containers take from a ConfigMap, with the values
 * that the rendered ConfigMaps hold: what the program in a cluster would read.
 */
export function settingsOf(
  manifests: readonly Manifest[],
  workload: string,
): Record<string, string> {
  const data = new Map(
    manifests
      .filter(({ kind }) => kind === "ConfigMap")
      .map(({ metadata, ...rest }) => [
        metadata.name,
        rest.data as Record<string, string> | undefined,
      ]),
  );
  const owner = manifests.find(
    ({ kind, metadata }) => metadata.name === workload && /^(Deployment|StatefulSet)$/.test(kind),
  ) as Workload | undefined;
  const variables = owner?.spec.template.spec.containers.flatMap(({ env = [] }) => env) ?? [];
  return Object.fromEntries(
    variables.flatMap(({ name, valueFrom }) => {
      const { name: map = "", key = "" } = valueFrom?.configMapKeyRef ?? {};
      const value = data.get(map)?.[key];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

type Workload = {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env?: readonly {
            readonly name: string;
            readonly valueFrom?: { readonly configMapKeyRef?: { name: string; key: string } };
          }[];
        }[];
      };
    };
  };
};

function processEnvironment(
  workspace: Workspace,
  renderers: readonly string[],
): Record<string, string> {
  for (const folder of ["bin", "gnupg", "ssh", "tls", "tmp"]) {
    mkdirSync(workspace.path("argocd", folder), { recursive: true });
  }
  // The repo server calls this even where signatures are not asked for.
  const verify = workspace.write("argocd/bin/git-verify-wrapper.sh", "#!/bin/sh\nexit 0\n");
  chmodSync(verify, 0o755);
  // A bare name is the one on PATH already.
  for (const renderer of renderers.filter((path) => dirname(path) !== ".")) {
    symlinkSync(renderer, workspace.path("argocd", "bin", basename(renderer)));
  }
  return {
    ARGOCD_FAKE_IN_CLUSTER: "true",
    ARGOCD_GPG_ENABLED: "false",
    ARGOCD_GNUPGHOME: workspace.path("argocd", "gnupg"),
    ARGOCD_SSH_DATA_PATH: workspace.path("argocd", "ssh"),
    ARGOCD_TLS_DATA_PATH: workspace.path("argocd", "tls"),
    PATH: [workspace.path("argocd", "bin"), process.env.PATH].join(delimiter),
    TMPDIR: workspace.path("argocd", "tmp"),
  };
}
