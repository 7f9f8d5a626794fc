import type { GeneratorSeed } from "./seeds.ts";
import type { Entry, Layer } from "./world.ts";

/** Adds configMapGenerator, secretGenerator and generatorOptions. */
export function addGenerators(layer: Layer): void {
  const { seed, fields, entries } = layer;
  const own: Entry[] = [];
  for (const generator of seed.generators) {
    const kind = generator.secret ? "Secret" : "ConfigMap";
    const below = entries.filter((entry) => entry.isGenerated && entry.kind === kind);
    const merged =
      generator.behavior % 2 === 1 ? below[generator.name % Math.max(1, below.length)] : undefined;
    const wanted = ["settings", "env", "web", "api", "files", "keys"][generator.name] ?? "env";
    const name = merged?.current ?? freeName([...entries, ...own], kind, wanted);
    const namespace = merged ? merged.namespace : generator.namespace === 1 ? "team-a" : undefined;
    const field = generator.secret ? "secretGenerator" : "configMapGenerator";
    const list = (fields[field] as unknown[] | undefined) ?? [];
    list.push({
      name,
      ...(namespace !== undefined && { namespace }),
      ...(merged && { behavior: generator.behavior === 1 ? "merge" : "replace" }),
      ...sources(layer, generator),
    });
    fields[field] = list;
    if (merged === undefined) {
      own.push({ kind, apiVersion: "v1", name, current: name, namespace, isGenerated: true });
    }
  }
  entries.push(...own);
  if (seed.generatorOptions !== undefined) fields.generatorOptions = options(seed.generatorOptions);
}

function freeName(entries: readonly Entry[], kind: string, wanted: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!entries.some((entry) => entry.kind === kind && entry.current === name)) return name;
  }
}

function sources({ write }: Layer, generator: GeneratorSeed) {
  const { literals, files, envs, secret } = generator;
  const keys = new Map(literals.map((literal) => [literal.split("=")[0], literal]));
  const paths = [...new Set(files)].flatMap((file) => contents.slice(file, file + 1));
  return {
    ...(keys.size > 0 && { literals: [...keys.values()] }),
    ...(paths.length > 0 && {
      files: paths.map(([name, content, key]) => {
        write(name, content);
        return key === undefined ? name : `${key}=${name}`;
      }),
    }),
    ...(envs === 1 && {
      envs: [write("some.env", "# comment\n\nENV_A=1\nENV_B=two words \n ENV_C=\n")],
    }),
    ...(envs === 2 && { env: write("other.env", "\uFEFFENV_D=x=y\nENV_E='q'\n") }),
    ...(secret && generator.type && { type: "example.com/special" }),
    ...((generator.options & 1) === 1 && { options: options(generator.options >> 1) }),
  };
}

const contents: readonly (readonly [name: string, content: string, key?: string])[] = [
  ["app.properties", "one=1\ntwo=2\n"],
  ["text.txt", "no line break at the end", "renamed.txt"],
  ["trailing.txt", "spaces at the end  \nand a tab\there\n"],
  ["script.sh", '#!/bin/sh\nset -e\n\n  echo "$HOME"\n\n'],
  ["empty.txt", ""],
];

function options(flags: number) {
  return {
    ...((flags & 1) === 1 && { disableNameSuffixHash: true }),
    ...((flags & 2) === 2 && { labels: { generated: "true" } }),
    ...((flags & 4) === 4 && { annotations: { note: "generated" } }),
    ...((flags & 24) === 24 && { immutable: true }),
  };
}
