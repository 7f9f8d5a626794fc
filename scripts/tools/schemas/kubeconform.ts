import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../process.ts";
import { apiVersionOf, type KindSchema, schemaFile } from "./json-schema.ts";

/** What kubeconform says about one object; an object in order has no verdict. */
export type Verdict = {
  /** The place of the object among those given. */
  readonly index: number;
  /** `error` where there is no schema, or the object is none. */
  readonly status: "invalid" | "error";
  readonly message: string;
};

/**
 * Validates objects, as JSON, in one strict run of kubeconform; schemas come from `schemas`, and for
 * kinds which are not there from `extra`.
 */
export async function kubeconform(
  program: string,
  objects: readonly string[],
  schemas: string,
  extra: readonly KindSchema[],
): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-kubeconform-"));
  try {
    const own = join(folder, "schemas");
    for (const one of extra) {
      const file = join(own, schemaFile(apiVersionOf(one), one.kind));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(one.schema));
    }
    const given = join(folder, "objects");
    mkdirSync(given);
    for (const [index, text] of objects.entries())
      writeFileSync(join(given, `${index}.json`), text);
    const locations = [schemas, own].flatMap((place) => ["-schema-location", join(place, layout)]);
    const args = ["-strict", ...locations, "-output", "json", given];
    const { stdout, stderr } = await run(program, args);
    return readVerdicts(stdout, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads what `kubeconform -output json` prints about files named by number. */
function readVerdicts(stdout: string, stderr: string): Verdict[] {
  if (!stdout.startsWith("{")) throw new Error(`kubeconform failed: ${(stderr || stdout).trim()}`);
  const { resources } = JSON.parse(stdout) as {
    resources: { filename: string; status: string; msg: string }[];
  };
  return resources
    .map(({ filename, status, msg }) => ({
      index: Number(/(\d+)\.json$/.exec(filename)?.[1]),
      status: status === "statusInvalid" ? ("invalid" as const) : ("error" as const),
      message: msg,
    }))
    .sort((a, b) => a.index - b.index);
}

// The names that schemaFile gives, in kubeconform's words.
const layout = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
