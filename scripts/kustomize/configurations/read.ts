import { BuildError } from "../build-error.ts";
import { type Mapping, type Node, textAt } from "../node/node.ts";
import { type Configurations, noConfigurations } from "./configurations.ts";
import type { FieldSpec, KindSelector, NameReferenceSpec } from "./field-spec.ts";
import { sortedByKind } from "./merge.ts";

/** What a file of `configurations` says. `document` is undefined for an empty file. */
export function readConfigurations(document: Node | undefined, file: string): Configurations {
  if (document === undefined || isNull(document)) return noConfigurations;
  if (document.kind !== "mapping") {
    throw new BuildError(`Cannot read "${file}" as configurations: it should be a mapping`, {
      mark: document.origin.mark,
      file,
    });
  }
  const result: Record<string, unknown> = { ...noConfigurations };
  for (const [key, value] of document.entries) {
    const field = fieldNames.get(key.toLowerCase());
    if (field === undefined) throw unknownField(key, value, [...Object.keys(noConfigurations)]);
    result[field] =
      field === "nameReference"
        ? sortedByKind(readNameReferences(value))
        : sortedByKind(readFieldSpecs(value));
  }
  return result as Configurations;
}

/** A list of field specs, as `labels[].fields` of a kustomization or `fieldSpecs` of a transformer has it. */
export function readFieldSpecs(list: Node | undefined): readonly FieldSpec[] {
  return mappingsOf(list, "field specs").map((spec) => {
    for (const [key, value] of spec.entries) {
      if (!fieldSpecFields.includes(key)) throw unknownField(key, value, fieldSpecFields);
      if (value.kind !== "scalar") throw notScalar(key, value);
    }
    return {
      ...kindOf(spec),
      path: textAt(spec, ["path"]) ?? "",
      create: readCreate(spec.entries.get("create")),
      mark: (spec.entries.get("path") ?? spec).origin.mark,
    };
  });
}

const fieldNames = new Map(
  Object.keys(noConfigurations).map((field) => [field.toLowerCase(), field] as const),
);

const kindFields = ["group", "version", "kind"];
const fieldSpecFields = [...kindFields, "path", "create"];
const nameReferenceFields = [...kindFields, "fieldSpecs"];

function readNameReferences(list: Node): readonly NameReferenceSpec[] {
  return mappingsOf(list, "name references").map((spec) => {
    for (const [key, value] of spec.entries) {
      if (!nameReferenceFields.includes(key)) throw unknownField(key, value, nameReferenceFields);
    }
    return { ...kindOf(spec), fieldSpecs: readFieldSpecs(spec.entries.get("fieldSpecs")) };
  });
}

function kindOf(spec: Mapping): KindSelector {
  const group = textAt(spec, ["group"]);
  const version = textAt(spec, ["version"]);
  const kind = textAt(spec, ["kind"]);
  return { ...(group && { group }), ...(version && { version }), ...(kind && { kind }) };
}

function readCreate(node: Node | undefined): boolean {
  if (node === undefined || isNull(node)) return false;
  if (node.kind === "scalar" && node.type === "boolean") {
    return /^(?:true|y|yes|on)$/i.test(node.text);
  }
  throw new BuildError('Cannot read "create" of a field spec: it should be "true" or "false"', {
    mark: node.origin.mark,
  });
}

function mappingsOf(list: Node | undefined, what: string): readonly Mapping[] {
  if (list === undefined || isNull(list)) return [];
  if (list.kind !== "sequence") {
    throw new BuildError(`Cannot read ${what}: they should be a list`, { mark: list.origin.mark });
  }
  return list.items.map((item) => {
    if (item.kind === "mapping") return item;
    throw new BuildError(`Cannot read one of the ${what}: it should be a mapping`, {
      mark: item.origin.mark ?? list.origin.mark,
    });
  });
}

function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.type === "null";
}

function unknownField(key: string, value: Node, known: readonly string[]): BuildError {
  return new BuildError(
    `Cannot read the field "${key}": it should be one of "${known.join('", "')}"`,
    {
      mark: value.origin.mark,
    },
  );
}

function notScalar(key: string, value: Node): BuildError {
  return new BuildError(`Cannot read the field "${key}": it should hold a single value`, {
    mark: value.origin.mark,
  });
}
