import type { Finding } from "../checks/finding.ts";
import { targetName } from "../fleet/target.ts";
import type { Report } from "./report.ts";
import { skippedLines, summaryLine } from "./summary.ts";

/**
 * Workflow commands, which GitHub shows as annotations beside the lines of a pull request:
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubReporter(report: Report): string {
  const annotations = report.findings.map((finding) =>
    command(finding.severity, properties(finding), body(finding)),
  );
  const skipped = skippedLines(report).map((line) =>
    command("warning", { title: "Check skipped" }, line),
  );
  return `${[...annotations, ...skipped, summaryLine(report)].join("\n")}\n`;
}

type Properties = Readonly<Record<string, string | number | undefined>>;

function properties({ rule, place: { file, line, column } }: Finding): Properties {
  return { file, line, col: column, title: rule };
}

function body({ message, target, resource, path, help }: Finding): string {
  const where = [resource, path, target && `in ${targetName(target)}`];
  return [message, where.filter((part) => part).join(" "), help].filter((part) => part).join("\n");
}

function command(name: string, fields: Properties, text: string): string {
  const list = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(",")}::${escapeText(text)}`;
}

function escapeText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
