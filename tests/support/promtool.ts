import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";

type Group = {
  readonly name: string;
  readonly rules: readonly { readonly alert?: string }[];
};

/** Series over time in promtool's notation: `{'up{job="x"}': "1+0x10"}`. */
export type Series = Readonly<Record<string, string>>;

/** At a time, as `10m`, exactly these alerts fire. */
export type FiringTest = {
  readonly name: string;
  readonly series: Series;
  readonly at: string;
  readonly firing: readonly string[];
};

/** The groups of a PrometheusRule. */
export function ruleGroups(file: string): readonly Group[] {
  return (load(readFileSync(file, "utf8")) as { spec: { groups: Group[] } }).spec.groups;
}

/** Runs `promtool test rules` on a PrometheusRule of the repository. Returns what it says. */
export async function testRules(
  file: string,
  tests: readonly FiringTest[],
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const directory = mkdtempSync(join(tmpdir(), "rules-"));
  try {
    writeFileSync(join(directory, "rules.yaml"), dump({ groups: ruleGroups(file) }));
    const written = join(directory, "tests.yaml");
    writeFileSync(
      written,
      dump({
        rule_files: ["rules.yaml"],
        evaluation_interval: "15s",
        tests: tests.map(({ name, series, at, firing }) => ({
          name,
          interval: "15s",
          input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
          promql_expr_test: [
            {
              expr: 'max by (alertname) (ALERTS{alertstate="firing"})',
              eval_time: at,
              exp_samples: [...firing].sort().map((alertname) => ({
                labels: `{alertname="${alertname}"}`,
                value: 1,
              })),
            },
          ],
        })),
      }),
    );
    const { exitCode, stdout, stderr } = await run(await tool("promtool"), [
      "test",
      "rules",
      written,
    ]);
    return { exitCode, output: stdout + stderr };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
