import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";

type Rule = { readonly alert?: string; readonly record?: string; readonly expr: string };
type Group = { readonly name: string; readonly rules: readonly Rule[] };

/** Series over time in promtool's notation: `{name{label="value"}: "1+0x10"}`. */
export type Series = Readonly<Record<string, string>>;

/** Which alerts fire at a time, as `10m`, and no others do. */
export type AlertTest = {
  readonly series: Series;
  readonly at: string;
  readonly firing: readonly string[];
};

/** The groups of every PrometheusRule in a folder of `base`. */
export function ruleGroups(folder: string): Group[] {
  return readdirSync(folder)
    .filter((file) => /^prometheus-rule.*\.yaml$/.test(file))
    .flatMap((file) => {
      const rule = load(readFileSync(join(folder, file), "utf8"));
      return (rule as { spec: { groups: Group[] } }).spec.groups;
    });
}

/** Runs `promtool test rules`, with a sample every 15 s. Returns what it says: nothing but success where all is as expected. */
export async function testAlerts(
  groups: readonly Group[],
  tests: readonly AlertTest[],
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const directory = mkdtempSync(join(tmpdir(), "slipway-rules-"));
  try {
    writeFileSync(join(directory, "rules.yaml"), dump({ groups }));
    const file = join(directory, "tests.yaml");
    const written = tests.map(({ series, at, firing }) => ({
      interval: "15s",
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [
        {
          expr: 'max by (alertname) (ALERTS{alertstate="firing"})',
          eval_time: at,
          exp_samples: [...firing]
            .sort()
            .map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
        },
      ],
    }));
    writeFileSync(
      file,
      dump({ rule_files: ["rules.yaml"], evaluation_interval: "15s", tests: written }),
    );
    const { exitCode, stdout, stderr } = await run(await tool("promtool"), ["test", "rules", file]);
    return { exitCode, output: stdout + stderr };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
