import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";

const base = "base/jaguar-engine";

type Rule = {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly for?: string;
};
type Group = { readonly name: string; readonly rules: readonly Rule[] };

/** Values of the recorded thresholds, by the names of their records. */
export type Thresholds = Readonly<Record<string, number>>;

/** The groups of every PrometheusRule of the base. */
export function ruleGroups(): Group[] {
  return readdirSync(base)
    .filter((file) => /^prometheus-rule-.*\.yaml$/.test(file))
    .flatMap((file) => {
      const rule = load(readFileSync(join(base, file), "utf8"));
      return (rule as { spec: { groups: Group[] } }).spec.groups;
    });
}

/** Series over time in promtool's notation: `{name{label="value"}: "1+0x10"}`. */
export type Series = Readonly<Record<string, string>>;

export type RuleTest = {
  readonly series: Series;
  /** When to look, as `10m`. */
  readonly at: string;
  readonly expect: readonly { readonly expr: string; readonly samples: readonly Sample[] }[];
};

/** A series and its value. */
type Sample = { readonly labels: string; readonly value: number };

/** Runs `promtool test rules`, with an environment's thresholds in place of the base's. Returns what it says. */
export async function testRules(
  tests: readonly RuleTest[],
  thresholds: Thresholds = {},
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const groups = ruleGroups().map((group) => ({
    ...group,
    rules: group.rules.map((rule) => {
      const value = rule.record === undefined ? undefined : thresholds[rule.record];
      return value === undefined ? rule : { ...rule, expr: String(value) };
    }),
  }));
  const directory = mkdtempSync(join(tmpdir(), "jaguar-rules-"));
  try {
    writeFileSync(join(directory, "rules.yaml"), dump({ groups }));
    const file = join(directory, "tests.yaml");
    writeFileSync(
      file,
      dump({
        rule_files: ["rules.yaml"],
        evaluation_interval: "15s",
        tests: tests.map(({ series, at, expect }) => ({
          interval: "15s",
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: expect.map(({ expr, samples }) => ({
            expr,
            eval_time: at,
            exp_samples: samples,
          })),
        })),
      }),
    );
    const { exitCode, stdout, stderr } = await run(await tool("promtool"), ["test", "rules", file]);
    return { exitCode, output: stdout + stderr };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Expects alerts, by name, to fire at a time, and no others. */
export function firing(...alerts: readonly string[]): RuleTest["expect"] {
  const samples = [...alerts].sort().map((alertname) => ({
    labels: `{alertname="${alertname}"}`,
    value: 1,
  }));
  return [{ expr: 'max by (alertname) (ALERTS{alertstate="firing"})', samples }];
}
