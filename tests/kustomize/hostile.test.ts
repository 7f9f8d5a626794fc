import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import { createBuilder } from "../../scripts/kustomize/build.ts";
import { BuildError } from "../../scripts/kustomize/build-error.ts";
import { printDocuments } from "../../scripts/kustomize/yaml/print.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import type { Tree } from "../../scripts/tree/tree.ts";
import { workingDirectory } from "../../scripts/tree/working-directory.ts";
import type { Files } from "./oracle.ts";
import { worldSeed } from "./random/seeds.ts";
import { writeWorld } from "./random/world.ts";

const configMap = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n${data}`;

/** What is wrong, the files of `overlay/`, and the file, line and words of the answer. */
type Case = readonly [string, Files, RegExp, place: string];

const kustomization = "overlay/kustomization.yaml";
const object = "overlay/object.yaml";
const withObject = (text: string | Uint8Array): Files => ({
  [kustomization]: "resources:\n  - object.yaml\n",
  [object]: text,
});

describe("a hostile input is refused with its file and line", () => {
  it.each<Case>([
    [
      "a directory that takes itself",
      { [kustomization]: "resources:\n  - ../overlay\n" },
      /cycle|itself|circle/i,
      `${kustomization}:2`,
    ],
    [
      "directories that take each other",
      {
        [kustomization]: "resources:\n  - ../base\n",
        "base/kustomization.yaml": "resources:\n  - ../overlay\n",
      },
      /cycle|itself|circle/i,
      "base/kustomization.yaml:2",
    ],
    [
      "components that take each other",
      {
        [kustomization]: "components:\n  - ../one\n",
        "one/kustomization.yaml": "kind: Component\ncomponents:\n  - ../two\n",
        "two/kustomization.yaml": "kind: Component\ncomponents:\n  - ../one\n",
      },
      /cycle|itself|circle/i,
      "two/kustomization.yaml:3",
    ],
    [
      "a missing file",
      { [kustomization]: "namePrefix: a\nresources:\n  - absent.yaml\n" },
      /absent\.yaml/,
      `${kustomization}:3`,
    ],
    [
      "a missing patch",
      {
        ...withObject(configMap("  a: b\n")),
        [kustomization]: "resources: [object.yaml]\npatches:\n  - path: absent.yaml\n",
      },
      /absent\.yaml/,
      `${kustomization}:3`,
    ],
    [
      "a file outside of the root",
      { [kustomization]: "resources:\n  - ../other.yaml\n", "other.yaml": configMap("  a: b\n") },
      /other\.yaml/,
      `${kustomization}:2`,
    ],
    [
      "a generator's file outside of the root",
      {
        [kustomization]: "configMapGenerator:\n  - name: a\n    files:\n      - ../secret.txt\n",
        "secret.txt": "secret",
      },
      /secret\.txt/,
      `${kustomization}:4`,
    ],
    [
      "a path above the file system",
      { [kustomization]: "resources:\n  - ../../../../etc\n" },
      /etc/,
      `${kustomization}:2`,
    ],
    [
      "an absolute path",
      { [kustomization]: "resources:\n  - /etc/passwd\n" },
      /etc\/passwd/,
      `${kustomization}:2`,
    ],
    [
      "a remote resource",
      { [kustomization]: "resources:\n  - https://example.com/a.yaml\n" },
      /https:\/\/example\.com\/a\.yaml/,
      `${kustomization}:2`,
    ],
    [
      "a duplicate key",
      withObject(configMap("  a: b\n  c: d\n  a: e\n")),
      /"a"|duplicate|twice/i,
      `${object}:8`,
    ],
    [
      "a tab as indentation",
      withObject("apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n"),
      /tab/i,
      `${object}:4`,
    ],
    ["an alias of nothing", withObject(configMap("  a: *nothing\n")), /nothing/, `${object}:6`],
    ["brackets that never close", withObject("a: [1, 2\nb: c\n"), /./, `${object}:2`],
    ["a quote that never closes", withObject('a: "b\nc: d\n'), /./, `${object}:`],
    ["text that is no mapping", withObject("just text\n"), /./, `${object}:1`],
    ["a list", withObject("- a\n- b\n"), /./, `${object}:1`],
    [
      "an object without kind",
      withObject("apiVersion: v1\nmetadata:\n  name: a\n"),
      /kind/,
      `${object}:1`,
    ],
    [
      "an object without name",
      withObject("apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n"),
      /name/,
      `${object}:`,
    ],
    [
      "bytes that are not UTF-8",
      withObject(Uint8Array.of(97, 58, 32, 0xff, 0xfe, 10)),
      /UTF-8/,
      `${object}`,
    ],
    [
      "bytes that are no YAML",
      withObject(Uint8Array.from({ length: 400 }, (_, index) => (index * 7919) % 128)),
      /./,
      `${object}`,
    ],
    ["a kustomization that is a list", { [kustomization]: "- a\n" }, /./, `${kustomization}:1`],
    [
      "an unknown field",
      { [kustomization]: "resource:\n  - a.yaml\n" },
      /"resource"/,
      `${kustomization}:1`,
    ],
    [
      "a field of another type",
      { [kustomization]: "resources: yes please\n" },
      /resources/,
      `${kustomization}:1`,
    ],
    [
      "two kustomizations",
      { [kustomization]: "resources: []\n", "overlay/kustomization.yml": "resources: []\n" },
      /kustomization\.yml/,
      "overlay",
    ],
    ["no kustomization", { "overlay/notes.md": "" }, /kustomization\.yaml/, "overlay"],
    ["anchors that multiply", withObject(configMap(bomb())), /anchor|alias|expand/i, `${object}:`],
  ])("%s", (_, files, words, place) => {
    const error = refusal(() => createBuilder(memoryTree(files)).build("overlay"));
    expect(error.message).toMatch(words);
    expect(placeOf(error)).toContain(place);
    expect(error.message).not.toMatch(/\n/);
  });
});

describe("an odd input builds as real kustomize builds it", () => {
  it.each<[string, string]>([
    ["a byte order mark", `\uFEFF${configMap("  a: b\n")}`],
    ["CRLF", configMap("  a: b\n  c: |\n    d\n    e\n").replaceAll("\n", "\r\n")],
    ["no line break at the end", configMap("  a: b")],
    ["a document end", `---\n${configMap("  a: b\n")}...\n`],
    ["empty documents", `---\n---\n${configMap("  a: b\n")}---\n# nothing\n---\n`],
    ["an anchor", configMap("  a: &x b\n  c: *x\n")],
  ])("%s", (_, text) => {
    const { resources } = createBuilder(memoryTree(withObject(text))).build("overlay");
    expect(printDocuments(resources.map(({ object }) => object))).toMatch(
      /^apiVersion: v1\ndata:\n {2}a: b\n(?: {2}c: b\n| {2}c: \|\n {4}d\n {4}e\n)?kind: ConfigMap\n/,
    );
  });

  it("a nesting of 1,000 levels", () => {
    const deep = `${'{"a": '.repeat(1000)}1${"}".repeat(1000)}`;
    const { resources } = build(
      withObject(`apiVersion: example.com/v1\nkind: Deep\nmetadata: {name: a}\nspec: ${deep}\n`),
    );
    expect(resources).toHaveLength(1);
    expect(
      printDocuments(resources.map(({ object }) => object)).split("\n").length,
    ).toBeGreaterThan(1000);
  });

  it("a file of 9 MB in bounded time and memory", () => {
    const before = process.memoryUsage().rss;
    const start = performance.now();
    const line = `  key-%: ${"value ".repeat(12)}\n`;
    const data = Array.from({ length: 110_000 }, (_, index) => line.replace("%", String(index)));
    const { resources } = build(withObject(configMap(data.join(""))));
    expect(printDocuments(resources.map(({ object }) => object)).length).toBeGreaterThan(8_000_000);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(1_500_000_000);
  });
});

describe("on a disk", () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "a link that leaves the tree",
      { "overlay/object.yaml": "/etc/hostname" },
      /leaves|outside|link/,
    ],
    ["a link to nothing", { "overlay/object.yaml": "absent.yaml" }, /link|absent|no such/],
    ["a link to itself", { "overlay/object.yaml": "object.yaml" }, /link|circle/],
    [
      "a link to the directory it stands in",
      { "overlay/object.yaml": "." },
      /link|cycle|itself|circle/,
    ],
  ])("%s is refused", (_, links, words) => {
    withDisk({ [kustomization]: "resources:\n  - object.yaml\n" }, links, (tree) => {
      const error = refusal(() => createBuilder(tree).build("overlay"));
      expect(error.message).toMatch(words);
    });
  });

  it("a file of more than 10 MB is refused", () => {
    withDisk(
      { ...withObject("# ".padEnd(11 * 1024 * 1024, "x")) } as Record<string, string>,
      {},
      (tree) => {
        expect(refusal(() => createBuilder(tree).build("overlay")).message).toMatch(/11 MB.*10 MB/);
      },
    );
  });
});

// A long run: RANDOM_RUNS=100000 RANDOM_SEED=$RANDOM npm run -s unit -- tests/kustomize/hostile.test.ts
const numRuns = Number(process.env.RANDOM_RUNS ?? 3000);
const seed = Number(process.env.RANDOM_SEED ?? 1);

test(
  "a damaged overlay builds or is refused, whatever the damage",
  () => {
    const damage = fc.record({
      file: fc.nat(),
      at: fc.nat(),
      remove: fc.oneof(fc.constant(0), fc.nat(40)),
      insert: fc.constantFrom(...fragments),
      again: fc.boolean(),
    });
    const slowest = { time: 0 };
    const property = fc.property(
      worldSeed,
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      (world, all) => {
        const { files, directory } = writeWorld(world);
        const damaged: Record<string, string | Uint8Array> = { ...files };
        const names = Object.keys(files);
        for (const { file, at, remove, insert, again } of all) {
          const name = names[file % names.length] ?? "";
          const bytes = Buffer.from(damaged[name] ?? "");
          const offset = at % (bytes.length + 1);
          const text = again ? bytes.subarray(offset, offset + remove) : Buffer.from(insert);
          damaged[name] = Buffer.concat([
            bytes.subarray(0, offset),
            text,
            bytes.subarray(again ? offset : offset + remove),
          ]);
        }
        const start = performance.now();
        try {
          build(damaged, directory);
        } catch (error) {
          // Any other error is a mistake of ours.
          if (!(error instanceof SlipwayError)) throw error;
          expect(error.message).toMatch(/^\S/);
        }
        slowest.time = Math.max(slowest.time, performance.now() - start);
      },
    );
    fc.assert(property, { numRuns, seed });
    expect(slowest.time).toBeLessThan(5_000);
  },
  60_000 + numRuns * 50,
);

const fragments: readonly (string | Uint8Array)[] = [
  "\t",
  "\r\n",
  "\uFEFF",
  "\0",
  "\u0085",
  "\u2028",
  "&a ",
  "*a",
  "<<: *a",
  "!!binary ",
  "!!set ",
  "!x ",
  "{",
  "}",
  "[",
  "]",
  "- ",
  "-\n",
  ": ",
  "? ",
  "|\n",
  ">-\n",
  "'",
  '"',
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "# ",
  "~",
  "null",
  "1e999",
  "0x",
  "$patch: delete\n",
  "../",
  "/",
  "\\",
  "__proto__: 1\n",
  "constructor: x\n",
  "$(MY_NAME)",
  "9".repeat(400),
  "[".repeat(300),
  "{a: ".repeat(300),
  Uint8Array.of(0xc3, 0x28),
  Uint8Array.of(0xff),
];

/** Nine lists of nine references each to the one before: a billion items from a screenful. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) =>
    level === 0
      ? `  l0: &l0 [${Array(9).fill("x").join(", ")}]\n`
      : `  l${level}: &l${level} [${Array(9)
          .fill(`*l${level - 1}`)
          .join(", ")}]\n`,
  );
  return levels.join("");
}

function build(files: Files, directory = "overlay") {
  const built = createBuilder(memoryTree(files)).build(directory);
  printDocuments(built.resources.map(({ object }) => object));
  return built;
}

function refusal(work: () => unknown): SlipwayError {
  const start = performance.now();
  try {
    work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    expect(performance.now() - start).toBeLessThan(5_000);
    return error;
  }
  throw new Error("It was built");
}

function placeOf(error: SlipwayError): string {
  if (!(error instanceof BuildError)) return error.message;
  const { file, line, column } = error.place ?? { file: "" };
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function withDisk(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>>,
  work: (tree: Tree) => void,
): void {
  const root = mkdtempSync(join(tmpdir(), "slipway-test-"));
  try {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
    for (const [file, target] of Object.entries(links)) symlinkSync(target, join(root, file));
    work(workingDirectory(root));
  } finally {
    rmSync(root, { recursive: true });
  }
}
