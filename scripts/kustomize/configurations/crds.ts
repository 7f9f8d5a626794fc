import { BuildError } from "../build-error.ts";
import { type Mapping, type Node, nodeAt, textAt } from "../node/node.ts";
import { type Configurations, noConfigurations } from "./configurations.ts";
import type { FieldSpec, NameReferenceSpec } from "./field-spec.ts";
import { mergeFieldSpecs, mergeNameReferences, sortedByKind } from "./merge.ts";

/**
 * What a file of `crds` says: OpenAPI definitions by name, in which Kustomize's own `x-kubernetes-`
 * extensions mark the fields that hold labels, annotations, names and references. Only the definitions
 * that look like kinds begin a search; the others are where references lead.
 */
export function readCrds(document: Node | undefined, file: string): Configurations {
  if (document?.kind !== "mapping") {
    throw new BuildError(
      `Cannot read "${file}" as definitions of kinds: it should be a mapping of OpenAPI schemas`,
      {
        mark: document?.origin.mark,
        file,
      },
    );
  }
  const found: Found = { annotations: [], labels: [], names: [], references: [] };
  for (const [name, definition] of document.entries) {
    if (definition.kind !== "mapping") throw noDefinition(name, definition, file);
    const properties = propertiesOf(definition);
    if (
      !properties ||
      !["kind", "apiVersion", "metadata"].every((key) => properties.entries.has(key))
    )
      continue;
    const kind = name.slice(name.lastIndexOf(".") + 1);
    collect(document, name, { kind, path: [], visited: [] }, found);
  }
  return {
    ...noConfigurations,
    commonAnnotations: sortedByKind(mergeFieldSpecs([], found.annotations, "commonAnnotations")),
    commonLabels: sortedByKind(mergeFieldSpecs([], found.labels, "commonLabels")),
    namePrefix: sortedByKind(mergeFieldSpecs([], found.names, "namePrefix")),
    nameReference: sortedByKind(mergeNameReferences([], found.references)),
  };
}

function noDefinition(name: string, node: Node, file: string): BuildError {
  return new BuildError(
    `"${name}" of "${file}" is no definition: "crds" takes OpenAPI definitions by name; an object of kind "CustomResourceDefinition" belongs under "resources"`,
    { mark: node.origin.mark, file },
  );
}

type Found = {
  readonly annotations: FieldSpec[];
  readonly labels: FieldSpec[];
  readonly names: FieldSpec[];
  readonly references: NameReferenceSpec[];
};

type Way = {
  readonly kind: string;
  readonly path: readonly string[];
  /** The definitions that led here. */
  readonly visited: readonly string[];
};

function collect(definitions: Mapping, name: string, way: Way, found: Found) {
  const definition = definitions.entries.get(name);
  if (way.visited.includes(name)) throw recursive(name, definition);
  for (const [property, schema] of propertiesOf(definition)?.entries ?? []) {
    const path = [...way.path, property];
    const extension = (key: string) => textAt(schema, [`x-kubernetes-${key}`]);
    const spec = (...below: string[]): FieldSpec => ({
      kind: way.kind,
      path: [...path, ...below].join("/"),
      create: false,
      mark: schema.origin.mark,
    });
    if (extension("annotation") !== undefined) found.annotations.push(spec());
    if (extension("label-selector") !== undefined) found.labels.push(spec());
    if (extension("identity") !== undefined) found.names.push(spec());
    const version = extension("object-ref-api-version");
    const kind = extension("object-ref-kind");
    if (version !== undefined && kind !== undefined) {
      const nameKey = extension("object-ref-name-key") ?? "name";
      found.references.push({ kind, version, fieldSpecs: [spec(nameKey)] });
    }
    const reference = textAt(schema, ["$ref"]);
    if (reference === undefined) continue;
    collect(definitions, reference, { ...way, path, visited: [...way.visited, name] }, found);
  }
}

function propertiesOf(definition: Node | undefined): Mapping | undefined {
  const properties =
    nodeAt(definition, ["Schema", "properties"]) ?? nodeAt(definition, ["schema", "properties"]);
  return properties?.kind === "mapping" ? properties : undefined;
}

function recursive(name: string, definition: Node | undefined): BuildError {
  return new BuildError(
    `Cannot follow the definition "${name}": it leads back to itself, and its fields have no end`,
    {
      mark: definition?.origin.mark,
    },
  );
}
