import { globSync, readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

type CustomManager = {
  readonly description: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
};

// JSON5 is an expression of JavaScript.
const config: { readonly customManagers: readonly CustomManager[] } = runInNewContext(
  `(${readFileSync(".github/renovate.json5", "utf8")})`,
);

const files = globSync(["apps/*/*.yaml", "scripts/**/*.ts"]).map((name) => ({
  name,
  text: readFileSync(name, "utf8"),
}));

/** Where the versions begin that a manager finds, as `file:offset`, by the pattern that finds them. */
function found({ managerFilePatterns, matchStrings }: CustomManager): [string, string[]][] {
  const own = files.filter(({ name }) =>
    managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(name)),
  );
  return matchStrings.map((pattern) => [
    pattern,
    own.flatMap(({ name, text }) =>
      [...text.matchAll(new RegExp(pattern, "gd"))].map(
        ({ indices }) => `${name}:${indices?.groups?.currentValue?.[0]}`,
      ),
    ),
  ]);
}

/** The versions in files that match a pattern, as `file:offset`. */
function versions(file: RegExp, version: RegExp): string[] {
  return files
    .filter(({ name }) => file.test(name))
    .flatMap(({ name, text }) =>
      [...text.matchAll(version)].map(({ index, 0: match }) => `${name}:${index + match.length}`),
    );
}

test("every pattern of a custom manager finds a version", () => {
  const idle = config.customManagers
    .flatMap(found)
    .filter(([, places]) => places.length === 0)
    .map(([pattern]) => pattern);
  expect(idle).toEqual([]);
});

test("a custom manager finds every version that Applications and tools pin", () => {
  const seen = new Set(config.customManagers.flatMap(found).flatMap(([, places]) => places));
  const pinned = [
    ...versions(/^apps\//, /(?:targetRevision: |image: |:|value: )(?=v?\d+\.\d+\.\d+$)/gm),
    ...versions(
      /^scripts\/tools\/tools\.ts$/,
      /(?:version: "|kubernetes = "|[vV]ersion=)(?=v?\d)/g,
    ),
  ];
  expect(pinned.length).toBeGreaterThan(30);
  expect(pinned.filter((place) => !seen.has(place))).toEqual([]);
});
