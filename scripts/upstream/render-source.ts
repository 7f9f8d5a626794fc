import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { dump } from "js-yaml";
import { SlipwayError } from "../errors.ts";
import { run } from "../tools/process.ts";
import { tool } from "../tools/tool.ts";
import { type Upstream, upstreamFolder } from "./upstream.ts";

/** A source of an Application that renders a directory of an upstream repository. */
export type UpstreamSource = Upstream & {
  readonly path: string;
  /** Argo CD's overrides (Application, `spec.sources[].kustomize`). */
  readonly kustomize?: {
    readonly images?: readonly string[];
    readonly patches?: readonly object[];
  };
};

/**
 * What Argo CD renders for an upstream source with its overrides, as YAML; `namespace` is the
 * Application's destination, which Argo CD gives to namespaced objects that have none.
 */
export async function renderSource(source: UpstreamSource, namespace: string): Promise<string> {
  const folder = await upstreamFolder(source);
  const kustomize = await tool("kustomize");
  const wrapper = mkdtempSync(join(tmpdir(), "slipway-upstream-"));
  try {
    const { images = [], patches = [] } = source.kustomize ?? {};
    const kustomization = {
      resources: [relative(wrapper, join(folder, source.path))],
      images: images.map(parseImage),
      patches,
      transformers: [dump(namespaceTransformer(namespace))],
    };
    writeFileSync(join(wrapper, "kustomization.yaml"), dump(kustomization));
    const { stdout, stderr, exitCode } = await run(kustomize, ["build", wrapper]);
    if (exitCode === 0) return stdout;
    throw new SlipwayError(
      `Cannot render "${source.path}" of "${source.repoURL}": kustomize says: ${stderr.trim()}`,
    );
  } finally {
    rmSync(wrapper, { recursive: true });
  }
}

/** Kustomize's own `namespace:` would move objects that name another one too. */
function namespaceTransformer(namespace: string): object {
  return {
    apiVersion: "builtin",
    kind: "NamespaceTransformer",
    metadata: { name: "destination", namespace },
    unsetOnly: true,
    setRoleBindingSubjects: "none",
    fieldSpecs: [{ path: "metadata/namespace", create: true }],
  };
}

/** `old=new:tag`, `name:tag` or `name@digest`, as `kustomize edit set image` takes it. */
function parseImage(text: string): object {
  const [name = "", renamed = name] = text.split("=");
  const [, newName = renamed, newTag, digest] =
    /^(.+?)(?::([\w.-]+))?(?:@(sha256:\w+))?$/.exec(renamed) ?? [];
  return {
    name: name.replace(/[:@][^/]*$/, ""),
    newName,
    ...(newTag && { newTag }),
    ...(digest && { digest }),
  };
}
