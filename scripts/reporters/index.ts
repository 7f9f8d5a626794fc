import { githubReporter } from "./github.ts";
import { jsonReporter } from "./json.ts";
import type { Reporter } from "./report.ts";
import { sarifReporter } from "./sarif.ts";
import { textReporter } from "./text.ts";

/** What `--reporter` takes. */
export type ReporterName = "text" | "json" | "github" | "sarif";

/** The reporters by name; the first is what a person gets. */
export const reporters: Readonly<Record<ReporterName, Reporter>> = {
  text: textReporter,
  json: jsonReporter,
  github: githubReporter,
  sarif: sarifReporter,
};
