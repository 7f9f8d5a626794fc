import { targetName } from "../../fleet/target.ts";
import type { Finding } from "../finding.ts";

/**
 * Leaves one finding of the schema checks for each field: several layers see the same mistake. The one
 * that knows what was meant wins, else the first; a missing field goes where an unknown one beside it
 * was meant to be it. Findings of other checks stay, and so does the order.
 */
export function dedupe(findings: readonly Finding[]): Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of findings) {
    if (!isSchema(finding)) continue;
    const key = keyOf(finding, finding.path ?? "");
    const before = best.get(key);
    if (before === undefined || (!hint(before) && hint(finding))) best.set(key, finding);
  }
  const meant = new Set(
    [...best.values()].flatMap((finding) =>
      finding.rule === "schema-unknown-field" && hint(finding)
        ? [keyOf(finding, sibling(finding.path ?? "", hint(finding)))]
        : [],
    ),
  );
  return findings.filter((finding) => {
    if (!isSchema(finding)) return true;
    const key = keyOf(finding, finding.path ?? "");
    if (best.get(key) !== finding) return false;
    return finding.rule !== "schema-missing-field" || !meant.has(key);
  });
}

function isSchema({ rule }: Finding): boolean {
  return rule.startsWith("schema-");
}

function keyOf({ target, resource }: Finding, path: string): string {
  return JSON.stringify([target && targetName(target), resource, path]);
}

/** The name that a finding says was meant, or the empty string. */
function hint({ message }: Finding): string {
  return /did you mean (?:\w+ )?"([^"]+)"\?$/.exec(message)?.[1] ?? "";
}

/** `spec.selectr` and `selector` make `spec.selector`. */
function sibling(path: string, name: string): string {
  return path.replace(/[\w-]+$/, name);
}
