import { type Manifest, type Resource, resourceId } from "../../fleet/resource.ts";
import type { CustomResourceDefinition } from "../../tools/schemas/custom-resource.ts";
import { apiVersionsOf, kindsOf } from "../../tools/schemas/models.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "./nearest.ts";

/** What tells kinds apart: `apps/v1/Deployment`. */
export function kindKey({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): string {
  return `${apiVersion}/${kind}`;
}

/** The CustomResourceDefinitions that the fleet itself applies. */
export function renderedCrds(resources: readonly Resource[]): CustomResourceDefinition[] {
  return resources
    .filter(({ manifest }) => manifest.kind === "CustomResourceDefinition")
    .map(({ manifest }) => manifest as unknown as CustomResourceDefinition)
    .filter(({ spec }) => spec?.names !== undefined && Array.isArray(spec.versions));
}

/** The kinds, as `kindKey` writes them, that CustomResourceDefinitions of the fleet define. */
export function customKinds(resources: readonly Resource[]): Set<string> {
  const keys = renderedCrds(resources).flatMap(({ spec }) =>
    spec.versions.map(({ name }) =>
      kindKey({ apiVersion: `${spec.group}/${name}`, kind: spec.names.kind }),
    ),
  );
  return new Set(keys);
}

/** A kind that nothing knows, with what was probably meant in `hint`. */
export function unknownKind(resource: Resource): {
  readonly finding: Finding;
  readonly hint: string | undefined;
} {
  const { apiVersion, kind } = resource.manifest;
  const version = versionHint(apiVersion, kind);
  const name = version === undefined ? nearest(kind, kindsOf(apiVersion)) : undefined;
  const field = version === undefined ? "kind" : "apiVersion";
  const hint = version ?? name;
  const finding: Finding = {
    rule: "schema-unknown-kind",
    severity: "error",
    message: `No schema is known for kind "${kind}" in "${apiVersion}"${
      hint === undefined ? "" : `: did you mean ${field} "${hint}"?`
    }`,
    help:
      hint === undefined
        ? "Name the package of its types in scripts/tools/schemas/models.ts, or the operator that defines it in scripts/tools/crds.ts"
        : `Write \`${field}: ${hint}\``,
    place: resource.placeOf([field]),
    target: resource.target,
    resource: resourceId(resource.manifest),
    path: field,
  };
  return { finding, hint };
}

/** The API version that has the kind, where the one written does not: first one of the same group. */
function versionHint(apiVersion: string, kind: string): string | undefined {
  const group = (one: string) => one.split("/").slice(0, -1).join("/");
  const others = apiVersionsOf(kind).filter((one) => one !== apiVersion);
  return (
    others.findLast((one) => group(one) === group(apiVersion)) ??
    (others.length === 1 ? others[0] : undefined)
  );
}
