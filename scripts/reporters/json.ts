import type { Finding } from "../checks/finding.ts";
import { targetName } from "../fleet/target.ts";
import type { Report } from "./report.ts";
import { count } from "./summary.ts";

/**
 * For programs. `version` goes up when a field changes its meaning or goes away; new fields may
 * come at any time.
 */
export function jsonReporter(report: Report): string {
  const { findings, checks, targets, resources, milliseconds } = report;
  const errors = count(report, "error");
  const warnings = count(report, "warning");
  const document = {
    version: 1,
    summary: { errors, warnings, targets, resources, milliseconds: Math.round(milliseconds) },
    checks: checks.map(({ id, status, reason }) => ({ id, status, reason })),
    findings: findings.map(plainFinding),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function plainFinding({ rule, severity, message, help, place, target, resource, path }: Finding) {
  const { file, line, column } = place;
  return {
    rule,
    severity,
    message,
    help,
    file,
    line,
    column,
    target: target && targetName(target),
    resource,
    path,
  };
}
