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

/** An object, as far as kubeconform names it. */
type Named = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
};

/**
 * Validates objects in one strict run of kubeconform; schemas come from `schemas`, and for
 * kinds which are not there from `extra`.
 */
export async function kubeconform(
  program: string,
  objects: readonly Named[],
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
    const files = filesOf(objects);
    for (const [number, indexes] of files.entries()) {
      const texts = [...indexes.values()].map((index) => JSON.stringify(objects[index]));
      writeFileSync(join(given, `${number}.yaml`), texts.join("\n---\n"));
    }
    const locations = [schemas, own].flatMap((place) => ["-schema-location", join(place, layout)]);
    // Several workers would compile the same schemas side by side, which takes longer than one does.
    const args = ["-n", "1", "-strict", ...locations, "-output", "json", given];
    const { stdout, stderr } = await run(program, args, { env: { ...process.env, ...lessWork } });
    return readVerdicts(stdout, stderr, files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * As few files as objects can be told apart in: kubeconform names an object by its file, API version,
 * kind and name. Each file says the indexes of its objects by the last three.
 */
function filesOf(objects: readonly Named[]): readonly ReadonlyMap<string, number>[] {
  const files: Map<string, number>[] = [];
  const copies = new Map<string, number>();
  for (const [index, { apiVersion, kind, metadata }] of objects.entries()) {
    const key = nameKey(apiVersion, kind, metadata?.name);
    const copy = copies.get(key) ?? 0;
    copies.set(key, copy + 1);
    files[copy] ??= new Map();
    files[copy].set(key, index);
  }
  return files;
}

function nameKey(apiVersion = "", kind = "", name = ""): string {
  return `${apiVersion} ${kind} ${name}`;
}

/** Reads what `kubeconform -output json` prints about files named by number. */
function readVerdicts(
  stdout: string,
  stderr: string,
  files: readonly ReadonlyMap<string, number>[],
): Verdict[] {
  if (!stdout.startsWith("{")) throw new Error(`kubeconform failed: ${(stderr || stdout).trim()}`);
  const { resources } = JSON.parse(stdout) as {
    resources: Record<"filename" | "version" | "kind" | "name" | "status" | "msg", string>[];
  };
  return resources
    .map(({ filename, version, kind, name, status, msg }) => {
      const file = files[Number(/(\d+)\.yaml$/.exec(filename)?.[1])];
      const index = file?.get(nameKey(version, kind, name));
      if (index === undefined) throw new Error(`kubeconform failed for ${kind}/${name}: ${msg}`);
      return {
        index,
        status: status === "statusInvalid" ? ("invalid" as const) : ("error" as const),
        message: msg,
      };
    })
    .sort((a, b) => a.index - b.index);
}

// A run is over before its memory is worth collecting often.
const lessWork = { GOGC: "400" };

// The names that schemaFile gives, in kubeconform's words.
const layout = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
