import type { Path, Resource } from "../../fleet/resource.ts";
import type { Finding } from "../finding.ts";
import type { Cluster } from "./cluster.ts";
import { findingAt } from "./report.ts";

/**
 * Placeholders that no replacement filled in: a whole value, the first part of an image, the end of
 * a host name. What a manifest's author writes freely (data, descriptions) is left alone.
 */
export function placeholderFindings({ renderings, settings, environment }: Cluster): Finding[] {
  return renderings
    .flatMap(({ resources }) => resources)
    .flatMap((resource) =>
      [...texts(resource)].flatMap(({ path, value }) => {
        const placeholder = Object.keys(settings).find((key) => isLeft(key, value));
        if (placeholder === undefined) return [];
        return [
          findingAt(resource, path, {
            rule: "argo-placeholder",
            message: `"${value}" still holds the placeholder "${placeholder}"`,
            help: `Add the field to "base/components/environment/${placeholder}.yaml", and "clusters/${environment}/environment" to the target's components`,
          }),
        ];
      }),
    );
}

function isLeft(placeholder: string, value: string): boolean {
  if (value === placeholder) return true;
  if (placeholder === "registry") return value.startsWith("registry/");
  return placeholder === "domain" && /(^|[/@])[\w*-]+(\.[\w-]+)*\.domain(?=$|[:/])/.test(value);
}

const free = ["binaryData", "data", "description", "labels", "matchLabels", "stringData"];

/** The texts of an object that a replacement may be meant for. */
function* texts({ manifest }: Resource): Generator<{ path: Path; value: string }> {
  if (manifest.kind === "CustomResourceDefinition") return;
  yield* below([], manifest);
}

function* below(path: Path, value: unknown): Generator<{ path: Path; value: string }> {
  if (typeof value === "string") {
    yield { path, value };
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (Array.isArray(value)) yield* below([...path, Number(key)], item);
      else if (!free.includes(key)) yield* below([...path, key], item);
    }
  }
}
