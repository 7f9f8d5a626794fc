import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "../errors.ts";
import { run } from "../tools/process.ts";
import { moduleFolders, type PinnedModule, pinOf } from "../tools/schemas/go-modules.ts";

/** The Go module at the root of an upstream repository: a tag of the one is a version of the other. */
export type UpstreamModule = PinnedModule & {
  /** The path that Go's checksum database knows, where our `go.mod` replaces another by it. */
  readonly published?: string;
};

/** Upstream repositories by the URL that Applications name. */
export const upstreamModules: Readonly<Record<string, UpstreamModule>> = {
  "https://github.com/argoproj/argo-cd.git": {
    module: "github.com/argoproj/argo-cd/v3",
    pinnedIn: "control-plane",
  },
  "https://github.com/bitnami/sealed-secrets.git": {
    module: "github.com/bitnami/sealed-secrets",
    pinnedIn: "sealed-secrets",
    published: "github.com/bitnami-labs/sealed-secrets",
  },
  "https://github.com/cert-manager/cert-manager.git": {
    module: "github.com/cert-manager/cert-manager",
    pinnedIn: "crds",
  },
  "https://github.com/cloudnative-pg/cloudnative-pg.git": {
    module: "github.com/cloudnative-pg/cloudnative-pg",
    pinnedIn: "crds",
  },
  "https://github.com/kedacore/keda.git": {
    module: "github.com/kedacore/keda/v2",
    pinnedIn: "crds",
  },
  "https://github.com/prometheus-operator/prometheus-operator.git": {
    module: "github.com/prometheus-operator/prometheus-operator",
    pinnedIn: "crds",
  },
  "https://github.com/rabbitmq/cluster-operator.git": {
    module: "github.com/rabbitmq/cluster-operator/v2",
    pinnedIn: "crds",
  },
  "https://github.com/rabbitmq/messaging-topology-operator.git": {
    module: "github.com/rabbitmq/messaging-topology-operator",
    pinnedIn: "crds",
  },
};

/**
 * The folder of a module at a tag. The pinned version is proved by the `go.sum` beside the pin, any
 * other by Go's checksum database. Throws a `SlipwayError` where it is not to be had.
 */
export async function moduleAt(module: UpstreamModule, tag: string): Promise<string> {
  if (pinOf(module).split(/\s+/).includes(tag)) {
    const [folder = ""] = await moduleFolders([module]);
    // go.sum may remember more versions than the one that go.mod names.
    if (folder.endsWith(`@${tag}`)) return folder;
  }
  return await download(`${module.published ?? module.module}@${tag}`);
}

/** Downloads a version that no `go.mod` of ours names: in a folder without one. */
async function download(version: string): Promise<string> {
  const empty = mkdtempSync(join(tmpdir(), "slipway-module-"));
  try {
    const { stdout, stderr } = await run("go", ["mod", "download", "-json", version], {
      cwd: empty,
    });
    const { Dir: folder, Error: error } = (stdout.trim() === "" ? {} : JSON.parse(stdout)) as {
      Dir?: string;
      Error?: string;
    };
    if (folder !== undefined) return folder;
    throw new SlipwayError(
      `Cannot read ${version}: go mod download says: ${(error ?? stderr).trim()}`,
    );
  } finally {
    rmSync(empty, { recursive: true });
  }
}
