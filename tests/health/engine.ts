import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, loadAll } from "js-yaml";
import { renderEnvironment, renderUpstream } from "../../scripts/bootstrap/input.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { groupOf } from "../../scripts/fleet/scope.ts";
import { runOrThrow } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { repository } from "../support/mutate.ts";

/** Argo CD's settings: ConfigMap `argocd-cm`. */
export type Settings = Manifest & { readonly data: Readonly<Record<string, string>> };

/** An object of `fixtures/`; its name begins with the health that it has. */
export type Fixture = { readonly name: string; readonly object: Manifest };

/** `Certificate healthy-renewing` of every document in `fixtures/`. */
export function readFixtures(): Fixture[] {
  const directory = join(import.meta.dirname ?? "", "fixtures");
  return readdirSync(directory).flatMap((file) =>
    (loadAll(readFileSync(join(directory, file), "utf8")) as Manifest[]).map((object) => ({
      name: `${object.kind} ${object.metadata.name}`,
      object,
    })),
  );
}

/** `cert-manager.io/Certificate`: as Argo CD tells kinds apart, without the version. */
export function kindOf(manifest: Manifest): string {
  return `${groupOf(manifest)}/${manifest.kind}`;
}

/** The settings that Argo CD has in the cluster of an environment. */
export async function settingsOf(environment: string): Promise<Settings> {
  const { applications } = await renderEnvironment(repository, environment);
  const own = applications.filter(({ metadata }) => metadata.name === "argocd");
  const settings = (await renderUpstream(own)).argocd.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "argocd-cm",
  );
  if (settings === undefined) throw new Error("Argo CD renders no ConfigMap argocd-cm");
  return settings as Settings;
}

/** The same settings with nothing but the health checks that are built into Argo CD. */
export function withoutOurs(settings: Settings): Settings {
  const data = Object.entries(settings.data).filter(([key]) => !key.startsWith(healthKey));
  const { "resource.customizations": _, ...rest } = Object.fromEntries(data);
  return { ...settings, data: rest };
}

/** The kinds that our health checks are for; the last part may be `*`. */
export function kindsOfOurs({ data }: Settings): string[] {
  const wildcards = load(data["resource.customizations"] ?? "{}") as object;
  const kinds = Object.keys(data).filter((key) => key.startsWith(healthKey));
  return [
    ...kinds.map((key) => key.slice(healthKey.length).replace("_", "/")),
    ...Object.keys(wildcards),
  ];
}

/** The health that Argo CD's own engine finds, in lower case; an error in a check is thrown. */
export async function healthOf(object: Manifest, settings: Settings): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-health-"));
  try {
    const [objectFile, settingsFile] = [object, settings].map((manifest, index) => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, JSON.stringify(manifest));
      return file;
    });
    const output = await runOrThrow(argocd, [
      ...["admin", "settings", "resource-overrides", "health", `${objectFile}`],
      `--argocd-cm-path=${settingsFile}`,
    ]);
    // Argo CD takes such a kind for healthy as soon as it is applied.
    return /^STATUS: (\w+)/m.exec(output)?.[1]?.toLowerCase() ?? "no check";
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const argocd = await tool("argocd");
const healthKey = "resource.customizations.health.";
