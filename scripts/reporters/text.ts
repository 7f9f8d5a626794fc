import { styleText } from "node:util";
import type { Finding } from "../checks/finding.ts";
import { targetName } from "../fleet/target.ts";
import type { Report } from "./report.ts";
import { count, skippedLines, summaryLine } from "./summary.ts";

/** For a person at a terminal: what to fix, file by file, and one line that sums up. */
export function textReporter(report: Report, { colour }: { readonly colour: boolean }): string {
  const paint: Paint = (style, text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const files = Map.groupBy(report.findings, ({ place }) => place.file);
  const blocks = [...files].map(([file, findings]) => fileBlock(file, findings, paint));
  const mood = count(report, "error") > 0 ? "red" : report.findings.length > 0 ? "yellow" : "green";
  const ending = [
    paint(["bold", mood], summaryLine(report)),
    ...skippedLines(report).map((line) => paint("yellow", line)),
  ].join("\n");
  return `${[...blocks, ending].join("\n\n")}\n`;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

function fileBlock(file: string, findings: readonly Finding[], paint: Paint): string {
  const mistakes = [...Map.groupBy(findings, sameMistake).values()];
  const width = Math.max(...findings.map((finding) => position(finding).length));
  const ruleWidth = Math.max(...findings.map(({ rule }) => rule.length));
  const indent = " ".repeat(2 + width + 2);
  const helped = new Set<string>();
  const lines = mistakes.flatMap((group) =>
    group.slice(0, 1).flatMap((finding) => {
      const { rule, severity, message, help } = finding;
      const isError = severity === "error";
      const headline = [
        `  ${paint("dim", position(finding).padStart(width))}`,
        paint(isError ? "red" : "yellow", rule.padEnd(ruleWidth)),
        oneLine(isError ? message : `warning: ${message}`),
      ];
      const tellsHelp = help !== undefined && !helped.has(help);
      if (tellsHelp) helped.add(help);
      return [
        headline.join("  "),
        ...subjects(group).map((subject) => `${indent}${paint("dim", oneLine(subject))}`),
        ...(tellsHelp ? [`${indent}${paint("cyan", oneLine(help))}`] : []),
      ];
    }),
  );
  return [paint("underline", file), ...lines].join("\n");
}

/** Names come from files: a line break or an escape sequence in one must not reach the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, " ");
}

/** A mistake in a base is rendered by each environment: it is one to fix and told once. */
function sameMistake({ rule, message, place, path }: Finding): string {
  return JSON.stringify([place.line, place.column, rule, message, path]);
}

function position({ place: { line, column } }: Finding): string {
  return [line, column].filter((part) => part !== undefined).join(":");
}

/** `Deployment/llm-systems/router spec.replicas in staging/router, prod/router` */
function subjects(findings: readonly Finding[]): string[] {
  const targets = Map.groupBy(findings, ({ resource, path }) =>
    [resource, path].filter((part) => part).join(" "),
  );
  return [...targets]
    .map(([subject, group]) => {
      const names = group.flatMap(({ target }) => (target ? [targetName(target)] : []));
      const where = [...new Set(names)].join(", ");
      return [subject, where && `in ${where}`].filter((part) => part).join(" ");
    })
    .filter((line) => line !== "");
}
