import type { Report } from "./report.ts";

/** `2 errors and 1 warning: 15 targets, 432 resources, 9 checks in 1.2 s` */
export function summaryLine(report: Report): string {
  const errors = count(report, "error");
  const warnings = count(report, "warning");
  const found = [
    ...(errors > 0 ? [plural(errors, "error")] : []),
    ...(warnings > 0 ? [plural(warnings, "warning")] : []),
  ];
  const ran = report.checks.filter(({ status }) => status === "ran").length;
  const work = [
    plural(report.targets, "target"),
    plural(report.resources, "resource"),
    plural(ran, "check"),
  ].join(", ");
  return `${found.join(" and ") || "All good"}: ${work} in ${duration(report.milliseconds)}`;
}

/** One line for each check that did not run: a green run must not hide it. */
export function skippedLines(report: Report): string[] {
  return report.checks
    .filter(({ status }) => status === "skipped")
    .map(({ id, reason }) => `Skipped ${id}: ${reason ?? "no reason given"}`);
}

/** How many findings have a severity. */
export function count(report: Report, severity: "error" | "warning"): number {
  return report.findings.filter((finding) => finding.severity === severity).length;
}

function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
}
