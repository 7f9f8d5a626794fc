import { existsSync, globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Files, Options, Outcome } from "./oracle.ts";

/** A test case of real kustomize as files: what to build, and what comes of it. */
export type ParityCase = {
  readonly name: string;
  readonly files: Files;
  readonly directory: string;
  readonly options: Options;
  readonly features: readonly string[];
  readonly expected: Outcome;
};

/** The folder of kustomize's own cases; undefined where `SLIPWAY_CORPORA` names none. */
export function parityFolder(): string | undefined {
  const folder = join(process.env.SLIPWAY_CORPORA ?? "", "kustomize", "cases");
  return process.env.SLIPWAY_CORPORA && existsSync(folder) ? folder : undefined;
}

export function readParityCases(folder: string): readonly ParityCase[] {
  return readdirSync(folder).map((name) => readCase(join(folder, name), name));
}

type Description = {
  readonly root: string;
  readonly expect: "output" | "error";
  readonly features: readonly string[];
  readonly options: {
    readonly reorder: "none" | "legacy" | "unspecified";
    readonly loadRestrictions: "LoadRestrictionsRootOnly" | "LoadRestrictionsNone";
    readonly addManagedbyLabel: boolean;
  };
};

function readCase(folder: string, name: string): ParityCase {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const { root, options, expect, features }: Description = JSON.parse(read("case.json"));
  const { reorder, loadRestrictions, addManagedbyLabel } = options;
  return {
    name,
    files: readFiles(join(folder, "input")),
    directory: root === "." ? "" : root,
    options: {
      ...(reorder !== "unspecified" && { reorder }),
      loadRestrictor: loadRestrictions,
      managedByLabel: addManagedbyLabel,
    },
    features,
    expected:
      expect === "error"
        ? { error: read("error.txt") }
        : { output: read("expected.yaml").replaceAll("kustomize-(test)", "kustomize-v5.8.1") },
  };
}

function readFiles(folder: string): Files {
  const paths = globSync("**/*", { cwd: folder }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(
    paths.map((path) => {
      const bytes = readFileSync(join(folder, path));
      // The folder that the case was recorded in is the root of our tree.
      const text = bytes.toString("utf8");
      return [path, text.includes(placeholder) ? text.replaceAll(placeholder, "") : bytes];
    }),
  );
}

const placeholder = "/__INPUT__";
