import * as z from "zod";
import { formatPath, type Path } from "../../fleet/resource.ts";
import { readText, type Tree, UnreadableError, walk } from "../../tree/tree.ts";
import { parseYaml, type YamlDocument, YamlSyntaxError } from "../../yaml/document.ts";
import type { Finding } from "../finding.ts";

/** What exporters say they have: every series by its name, and what is wrong with the declarations. */
export type Inventory = {
  readonly series: ReadonlyMap<string, Series>;
  /** Histograms and summaries, which exist under longer names alone. */
  readonly families: ReadonlyMap<string, readonly string[]>;
  /** What is exported and never written, with its value. */
  readonly constants: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
};

/** One name that Prometheus stores. Several exporters may have it. */
type Series = {
  /** Undefined where an exporter does not say. */
  readonly labels: ReadonlySet<string> | undefined;
};

/** Reads each `metrics.yaml` below `base`: it stands beside what exports them. */
export function readInventory(tree: Tree): Inventory {
  const series = new Map<string, Series>(
    [...builtin].map((name) => [name, { labels: undefined }] as const),
  );
  const families = new Map<string, readonly string[]>();
  const constants = new Map<string, number>();
  const findings: Finding[] = [];
  for (const file of walk(tree, "base", () => {})) {
    if (!file.endsWith("/metrics.yaml")) continue;
    const { exporter, finding } = readExporter(tree, file);
    if (finding) findings.push(finding);
    for (const { name, type, labels, constant } of exporter?.metrics ?? []) {
      if (constant !== undefined) constants.set(name, constant);
      const own = labels && [...labels, ...(exporter?.targetLabels ?? [])];
      const names = suffixes[type].map((suffix) => `${name}${suffix}`);
      if (!names.includes(name)) families.set(name, names);
      for (const one of names) {
        const extra = one.endsWith("_bucket") ? ["le"] : type === "summary" ? ["quantile"] : [];
        series.set(one, merge(series.get(one), own && [...own, ...extra]));
      }
    }
  }
  return { series, families, constants, findings };
}

/** Labels that a scrape adds to whatever it finds; a metric's own of the same name gets `exported_` in front. */
export const scrapeLabels: ReadonlySet<string> = new Set([
  ...["job", "instance", "namespace", "pod", "container", "service", "endpoint"],
]);

/** What Prometheus writes itself: about each scrape, and about alerts. */
const builtin: ReadonlySet<string> = new Set([
  ...["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added"],
  ...["scrape_samples_post_metric_relabeling", "ALERTS", "ALERTS_FOR_STATE"],
]);

/** The names under which each type is stored. */
const suffixes = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_count", "_sum"],
  summary: ["", "_count", "_sum"],
} as const;

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "must be the name of a label");

const metric = z.strictObject({
  name: z.string().regex(metricName, "must be the name of a metric"),
  type: z.enum(Object.keys(suffixes) as (keyof typeof suffixes)[], {
    error: `must be one of ${Object.keys(suffixes).join(", ")}`,
  }),
  labels: z.array(labelName).optional(),
  /** The value that nothing ever changes. */
  constant: z.number("must be the value that it always has").optional(),
});

const exporterFile = z.strictObject({
  exporter: z.string("must be the exporter's name").min(1, "must be the exporter's name"),
  source: z
    .string("must say where the names were taken from, with a version")
    .min(1, "must say where the names were taken from, with a version"),
  /** What the relabelling of the scrape adds to every metric. */
  targetLabels: z.array(labelName).optional(),
  metrics: z.array(metric).superRefine((metrics, context) => {
    const names = new Set<string>();
    for (const [index, { name }] of metrics.entries()) {
      if (names.has(name)) {
        const message = `repeats "${name}": declare each metric once`;
        context.addIssue({ code: "custom", path: [index, "name"], message });
      }
      names.add(name);
    }
  }),
});

type Exporter = z.infer<typeof exporterFile>;

function readExporter(tree: Tree, file: string): { exporter?: Exporter; finding?: Finding } {
  let document: YamlDocument | undefined;
  try {
    [document] = parseYaml(readText(tree, file) ?? "", file);
  } catch (error) {
    // The layout check says what is wrong with files that cannot be read.
    if (error instanceof YamlSyntaxError || error instanceof UnreadableError) return {};
    throw error;
  }
  const { success, data, error } = exporterFile.safeParse(document?.value);
  if (success) return { exporter: data };
  const [issue] = error.issues;
  const path = (issue?.path ?? []) as Path;
  return {
    finding: {
      rule: "metrics-inventory",
      severity: "error",
      message: `${path.length > 0 ? `"${formatPath(path)}"` : "The file"} is no part of an inventory: ${issue?.message}`,
      help: "Write exporter, source and metrics, each metric with name, type and, if they are known, labels",
      place: document?.placeOf(path) ?? { file, line: 1 },
    },
  };
}

/** A name that two exporters have is matched by the labels of either. */
function merge(before: Series | undefined, labels: readonly string[] | undefined): Series {
  if (before === undefined) return { labels: labels && new Set(labels) };
  if (before.labels === undefined || labels === undefined) return { labels: undefined };
  return { labels: new Set([...before.labels, ...labels]) };
}
