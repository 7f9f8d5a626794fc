import type { CheckContext } from "../../scripts/checks/check.ts";
import type { Finding } from "../../scripts/checks/finding.ts";
import { dedupe, schemaChecks } from "../../scripts/checks/schema/index.ts";
import { SlipwayError } from "../../scripts/errors.ts";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import { schemaFolder } from "../../scripts/tools/schemas/derive.ts";
import { tool } from "../../scripts/tools/tool.ts";

export const target = { environment: "dev", app: "router", directory: "overlays/dev/router" };

/** A resource without provenance. */
export function resource(manifest: object): Resource {
  return { target, manifest: manifest as Manifest, placeOf: () => ({ file: "x.yaml", line: 1 }) };
}

/** What the schema checks say about manifests, each mistake once; a skipped check says nothing. */
export async function check(
  manifests: readonly object[],
  ids: readonly string[] = schemaChecks.map(({ id }) => id),
): Promise<Finding[]> {
  const context: CheckContext = {
    tree: { read: () => undefined, list: () => [] },
    fleet: { environments: [], targets: [] } as unknown as CheckContext["fleet"],
    renderings: [{ target, resources: manifests.map(resource), findings: [] }],
    running: new Set(ids),
  };
  const findings: Finding[] = [];
  for (const { id, run } of schemaChecks) {
    if (!ids.includes(id)) continue;
    const result = await run(context);
    if (result.status === "ran") findings.push(...result.findings);
  }
  return dedupe(findings);
}

/** The two layers that need npm packages only. */
export const packagesOnly = ["schema-values", "schema-fields"];

/** Whether the third layer can run here; where it cannot, its tests are skipped, but never in CI. */
export const hasKubeconform = await prepare();

async function prepare(): Promise<boolean> {
  try {
    // Here, because the first build takes longer than any test may.
    await Promise.all([tool("kubeconform"), schemaFolder()]);
    return true;
  } catch (error) {
    if (error instanceof SlipwayError && !process.env.CI) return false;
    throw error;
  }
}
