import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { dump } from "js-yaml";
import { run } from "../tools/process.ts";
import { tools } from "../tools/tools.ts";
import { type HelmOverrides, refusal, type UpstreamRequest } from "./source.ts";

/**
 * What `helm template` prints for a source, called as Argo CD calls it. Argo CD also names every API
 * of the live cluster; here a chart sees Kubernetes' own.
 */
export async function templateChart(
  helm: string,
  folder: string,
  request: UpstreamRequest,
): Promise<string> {
  const { source, application, namespace } = request;
  const overrides = source.helm ?? {};
  const home = mkdtempSync(join(tmpdir(), "slipway-helm-"));
  try {
    const args = [
      ...["template", ".", "--name-template", overrides.releaseName || application],
      ...["--namespace", namespace],
      ...["--kube-version", kubernetesVersion],
      ...parameters(overrides),
      ...valueFiles(folder, request).flatMap((file) => ["--values", file]),
      ...writeValues(overrides, home).flatMap((file) => ["--values", file]),
      ...(overrides.skipCrds ? [] : ["--include-crds"]),
      ...(overrides.skipTests ? ["--skip-tests"] : []),
    ];
    const { stdout, stderr, exitCode } = await run(helm, args, {
      cwd: join(folder, source.path),
      env: { ...withoutHelm(process.env), ...ownHome(home) },
    });
    if (exitCode === 0) return stdout;
    throw refusal(source, `helm says: ${stderr.replaceAll(`${home}/`, "")}`);
  } finally {
    rmSync(home, { recursive: true });
  }
}

const kubernetesVersion = tools.kubectl.version.slice(1);

function parameters({ parameters = [] }: HelmOverrides): string[] {
  return parameters.flatMap(({ name, value = "", forceString }) => [
    forceString ? "--set-string" : "--set",
    // A comma would start the next parameter, except in a list.
    `${name}=${/^\{.*\}$/s.test(value) ? value : value.replace(/(?<!\\),/g, "\\,")}`,
  ]);
}

function valueFiles(folder: string, { source }: UpstreamRequest): string[] {
  return (source.helm?.valueFiles ?? []).map((file) => {
    const path = file.startsWith("/") ? join(folder, file) : resolve(folder, source.path, file);
    if (path.startsWith(folder + sep) && !/^\$|:\/\//.test(file)) return path;
    throw refusal(source, `the values file "${file}" is not of this repository`);
  });
}

function writeValues({ values, valuesObject }: HelmOverrides, home: string): string[] {
  const text = valuesObject === undefined ? values : dump(valuesObject);
  if (!text) return [];
  const file = join(home, "values.yaml");
  writeFileSync(file, text);
  return [file];
}

/** A person's own plugins, repositories and cluster have no say. */
function withoutHelm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^HELM_|^KUBE/.test(name)),
  ) as NodeJS.ProcessEnv;
}

function ownHome(home: string): NodeJS.ProcessEnv {
  return {
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_DATA_HOME: join(home, "data"),
    HELM_CONFIG_HOME: join(home, "config"),
  };
}
