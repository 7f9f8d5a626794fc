import { policies } from "../../policies/index.ts";
import type { Finding } from "../checks/finding.ts";
import { targetName } from "../fleet/target.ts";
import type { Report } from "./report.ts";

/** SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifReporter(report: Report): string {
  const rules = rulesOf(report.findings);
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "slipway", rules: rules.map(descriptor) } },
        originalUriBaseIds: { [root]: { description: { text: "The root of the repository" } } },
        columnKind: "utf16CodeUnits",
        invocations: [invocation(report)],
        results: report.findings.map((finding) => ({
          ...result(finding),
          ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
        })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What relative paths are relative to. */
const root = "%SRCROOT%";

type Rule = {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly description?: string;
  readonly help?: string;
};

/** Every policy, so that a rule keeps its place, and what other checks have found, by name. */
function rulesOf(findings: readonly Finding[]): Rule[] {
  const rules = new Map<string, Rule>(policies.map((policy) => [policy.id, policy]));
  const others = findings.filter(({ rule }) => !rules.has(rule));
  for (const { rule, severity, help } of others.sort((a, b) => (a.rule < b.rule ? -1 : 1))) {
    if (!rules.has(rule)) rules.set(rule, { id: rule, severity, ...(help && { help }) });
  }
  return [...rules.values()];
}

function descriptor({ id, severity, description, help }: Rule) {
  const text = description ?? id;
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: help ?? text },
    defaultConfiguration: { level: severity },
  };
}

function result({ rule, severity, message, place, target, resource, path }: Finding) {
  const { file, line, column } = place;
  const object = [target && targetName(target), resource, path].filter((part) => part).join(" ");
  return {
    ruleId: rule,
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: file.split("/").map(encodeURIComponent).join("/"),
            uriBaseId: root,
          },
          ...(line !== undefined && {
            region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
          }),
        },
        ...(object !== "" && {
          logicalLocations: [{ fullyQualifiedName: object, kind: "object" }],
        }),
      },
    ],
    // Lines move; the rule and the field of the object stay, and so does what was dismissed.
    partialFingerprints: { "slipway/v1": [rule, object || file].join(" ") },
  };
}

function invocation({ checks }: Report) {
  return {
    executionSuccessful: true,
    toolExecutionNotifications: checks
      .filter(({ status }) => status === "skipped")
      .map(({ id, reason }) => ({
        level: "warning",
        message: { text: `Skipped ${id}: ${reason ?? "no reason given"}` },
      })),
  };
}
