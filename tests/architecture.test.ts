import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const sources = new Map(
  globSync(["scripts/**/*.ts", "policies/**/*.ts"]).map((file) => {
    const text = readFileSync(file, "utf8");
    return [file, { text, imports: readImports(file, text) }];
  }),
);

/** Data in, data out: no disk, clock, process or environment. */
const pure = filesOf(
  [
    "policies/",
    "scripts/bootstrap/plan.ts",
    "scripts/bootstrap/tracking.ts",
    "scripts/checks/",
    "scripts/connectivity/",
    "scripts/errors.ts",
    "scripts/fleet/",
    "scripts/kustomize/",
    "scripts/nodes/",
    "scripts/plan.ts",
    "scripts/rehearsal/programs/container.ts",
    "scripts/rehearsal/stand-ins.ts",
    "scripts/render/",
    "scripts/reporters/",
    "scripts/secrets/",
    "scripts/tree/memory.ts",
    "scripts/tree/remembering.ts",
    "scripts/tree/tree.ts",
    "scripts/yaml/",
  ],
  [
    // The schema checks compile with TypeScript and ask kubeconform; the index names them.
    "scripts/checks/index.ts",
    "scripts/checks/schema/",
    // The real kustomize, for whoever doubts.
    "scripts/render/folder.ts",
    "scripts/render/oracle.ts",
    // What touches files and the terminal for the secrets command.
    "scripts/secrets/apply.ts",
    "scripts/secrets/terminal.ts",
  ],
);

test("pure modules reach no disk and start no process", () => {
  expect(pure.flatMap((file) => impureImports(file))).toEqual([]);
});

test("pure modules read no environment and no clock", () => {
  const pattern = /\bprocess\.|\bDeno\.|\bDate\.now\(|\bnew Date\(\)|\bperformance\./;
  expect(pure.flatMap((file) => lines(file, pattern))).toEqual([]);
});

test("what does something to the world is seen, over a module in between", () => {
  expect(impureImports("scripts/tools/kubectl.ts")).toContain(
    "scripts/tools/process.ts imports zx/core",
  );
});

test("only scripts/tools starts processes", () => {
  const starters = [...sources].filter(([, { imports }]) =>
    imports.some(({ name }) => /^(node:child_process|zx(\/.*)?)$/.test(name)),
  );
  expect(
    starters.map(([file]) => file).filter((file) => !file.startsWith("scripts/tools/")),
  ).toEqual([]);
});

test("only scripts/main.ts reads the arguments and ends the process", () => {
  const users = [...sources.keys()].filter(
    (file) => lines(file, /\bprocess\.(exit|argv)\b|\bDeno\.(exit|args)\b/).length > 0,
  );
  // A rehearsal that is interrupted is over at once: its guardian cleans up after it.
  expect(users.sort()).toEqual(["scripts/commands/rehearse.ts", "scripts/main.ts"]);
});

type Import = { readonly name: string; readonly file: string | undefined };

/** What is imported as a value; types leave nothing behind. */
function readImports(file: string, text: string): Import[] {
  const found = text.matchAll(
    /^(?:import|export)\s+(?!type\b)(?:[^;"]*?from\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, fixed, dynamic]) => {
    const name = fixed ?? dynamic ?? "";
    return { name, file: name.startsWith(".") ? join(dirname(file), name) : undefined };
  });
}

/** The ways from a file to a module that does something to the world, over any number of files. */
function impureImports(file: string, seen = new Set<string>()): string[] {
  seen.add(file);
  return (sources.get(file)?.imports ?? []).flatMap((imported) => {
    if (/^(node:(fs|child_process|process|os|net|http).*|zx(\/.*)?)$/.test(imported.name)) {
      return [`${file} imports ${imported.name}`];
    }
    return imported.file === undefined || seen.has(imported.file)
      ? []
      : impureImports(imported.file, seen);
  });
}

function filesOf(included: readonly string[], excluded: readonly string[]): string[] {
  const isIn = (file: string, list: readonly string[]) =>
    list.some((start) => file.startsWith(start));
  return [...sources.keys()].filter((file) => isIn(file, included) && !isIn(file, excluded)).sort();
}

/** The lines of a file that match, without comments. */
function lines(file: string, pattern: RegExp): string[] {
  return (sources.get(file)?.text ?? "")
    .split("\n")
    .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line) && pattern.test(line));
}
