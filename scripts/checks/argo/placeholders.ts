import type { Path } from "../../fleet/resource.ts";
import type { Finding } from "../finding.ts";
import type { Cluster } from "./cluster.ts";
import { findingAt } from "./report.ts";

/**
 * Placeholders that no replacement filled in: a whole value, the first part of an image, the end of
 * a host name. What a manifest's author writes freely (data, descriptions) is left alone.
 */
export function placeholderFindings({ renderings, settings, environment }: Cluster): Finding[] {
  const placeholders = Object.keys(settings);
  return renderings
    .flatMap(({ resources }) => resources)
    .filter(({ manifest }) => manifest.kind !== "CustomResourceDefinition")
    .flatMap((resource) =>
      leftBelow(resource.manifest, placeholders).map(({ path, value, placeholder }) =>
        findingAt(resource, path, {
          rule: "argo-placeholder",
          message: `"${value}" still holds the placeholder "${placeholder}"`,
          help: `Add the field to "base/components/environment/${placeholder}.yaml", and "clusters/${environment}/environment" to the target's components`,
        }),
      ),
    );
}

type Left = { readonly path: Path; readonly value: string; readonly placeholder: string };

/** The texts below a value that hold a placeholder, among those that a replacement may be meant for. */
function leftBelow(value: unknown, placeholders: readonly string[]): readonly Left[] {
  if (typeof value === "string") {
    const placeholder = placeholders.find((key) => isLeft(key, value));
    return placeholder === undefined ? none : [{ path: [], value, placeholder }];
  }
  if (typeof value !== "object" || value === null) return none;
  const isList = Array.isArray(value);
  let found = none;
  for (const [key, item] of Object.entries(value)) {
    const below = !isList && free.has(key) ? none : leftBelow(item, placeholders);
    if (below.length === 0) continue;
    const part = isList ? Number(key) : key;
    found = [...found, ...below.map((left) => ({ ...left, path: [part, ...left.path] }))];
  }
  return found;
}

function isLeft(placeholder: string, value: string): boolean {
  if (!value.includes(placeholder)) return false;
  if (value === placeholder) return true;
  if (placeholder === "registry") return value.startsWith("registry/");
  return placeholder === "domain" && /(^|[/@])[\w*-]+(\.[\w-]+)*\.domain(?=$|[:/])/.test(value);
}

const none: readonly Left[] = [];
const free = new Set(["binaryData", "data", "description", "labels", "matchLabels", "stringData"]);
