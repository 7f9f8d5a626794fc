import { workloads } from "./objects.ts";
import type { ReplacementSeed } from "./seeds.ts";
import type { Entry, Layer } from "./world.ts";

/** Adds replacements, inline or in a file of their own. */
export function addReplacements({ seed, fields, entries, write, yaml }: Layer): void {
  const replacements = seed.replacements.flatMap((replacement, index): object[] => {
    const made = makeReplacement(entries, replacement);
    if (made === undefined) return [];
    return replacement.inFile ? [{ path: write(`replacement-${index}.yaml`, yaml(made)) }] : [made];
  });
  if (replacements.length > 0) fields.replacements = replacements;
}

/** Adds vars, which nothing but containers refers to. */
export function addVars({ seed, fields, entries }: Layer): void {
  const names = new Set<string>();
  const vars = seed.vars.flatMap(({ source, field, name }) => {
    const entry = entries[source % Math.max(1, entries.length)];
    const variable = name === 0 ? "MY_NAME" : "OTHER";
    if (entry === undefined || names.has(variable)) return [];
    names.add(variable);
    const namespace = entry.namespace === undefined ? "kind" : "metadata.namespace";
    const fieldref = [undefined, "metadata.name", namespace, "apiVersion"][field];
    return [
      {
        name: variable,
        objref: { apiVersion: entry.apiVersion, kind: entry.kind, name: entry.current },
        ...(fieldref !== undefined && { fieldref: { fieldpath: fieldref } }),
      },
    ];
  });
  if (vars.length > 0) fields.vars = vars;
}

const has = (flags: number, bit: number) => ((flags >> bit) & 1) === 1;

function makeReplacement(entries: readonly Entry[], replacement: ReplacementSeed) {
  const { options, paths } = replacement;
  const source = entries[replacement.source % Math.max(1, entries.length)];
  const target = entries[replacement.target % Math.max(1, entries.length)];
  if (source === undefined || target === undefined) return undefined;
  const fieldPath = sourceField(source, replacement.field);
  return {
    source: {
      kind: source.kind,
      name: has(options, 0) ? source.name : source.current,
      ...(fieldPath !== undefined && { fieldPath }),
      ...(has(options, 1) && { options: { delimiter: "-", index: 0 } }),
    },
    targets: [
      {
        select: { kind: target.kind, ...(has(options, 3) && { name: target.current }) },
        ...(has(options, 4) && has(options, 5) && { reject: [{ name: source.current }] }),
        fieldPaths: paths.map((path) => targetField(target, path)),
        options: {
          // Without it most targets have no such field, and the build fails.
          ...(options % 8 !== 7 && { create: true }),
          ...(has(options, 4) && { delimiter: "/", index: options % 3 }),
        },
      },
    ],
  };
}

function sourceField({ kind }: Entry, field: number): string | undefined {
  if (kind === "ConfigMap" && field > 2) return "data.a";
  if (workloads.includes(kind as never) && field > 2) {
    return [
      "spec.template.spec.containers.0.image",
      "spec.template.spec.containers.[name=main].image",
      "metadata.name",
    ][field - 3];
  }
  return [undefined, "metadata.name", "kind", "apiVersion", undefined, "metadata.name"][field];
}

function targetField({ kind }: Entry, path: number): string {
  if (workloads.includes(kind as never) && path > 3) {
    return (
      [
        "spec.template.spec.containers.[name=main].image",
        "spec.template.spec.containers.*.image",
        "spec.template.spec.containers.0.env.[name=MODE].value",
        "spec.template.metadata.labels.app",
        "spec.template.spec.nodeSelector.disk",
        "spec.replicas",
      ][path - 4] ?? "metadata.name"
    );
  }
  return (
    [
      "metadata.annotations.replaced",
      "metadata.labels.replaced",
      "metadata.annotations.[example.com/replaced]",
      "metadata.labels.app",
      kind === "ConfigMap" ? "data.a" : "metadata.annotations.a",
      kind === "ConfigMap" ? "data.replaced" : "metadata.labels.a",
      kind === "Widget" ? "spec.field.deep" : "metadata.annotations.b",
      "metadata.name",
      kind === "Widget" ? "spec.parts.*.value" : "metadata.annotations.c",
      kind === "Service" ? "spec.selector.app" : "metadata.annotations.d",
    ][path] ?? "metadata.labels.replaced"
  );
}
