import { BuildError } from "../build-error.ts";
import { type Mapping, type Node, nodeAt, textAt } from "../node/node.ts";
import { effectiveNamespace } from "../resource/identity.ts";
import { currentId, type Resource, type ResourceId } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { goRegExp } from "../transformers/go-regexp.ts";
import { readLabelSelector } from "./label-selector.ts";

/** Which resources a patch or a replacement is meant for. */
export type Selector = {
  /** The name that it asks for, where it is no regular expression. */
  readonly exactName: string | undefined;
  readonly fields: {
    readonly id: { readonly [field in Exclude<keyof ResourceId, "namespace" | "name">]: Test };
    readonly name: Test;
    readonly namespace: Test;
    readonly labels: LabelsOf;
    readonly annotations: LabelsOf;
  };
  /** The fields that say something. */
  readonly asks: ReadonlySet<string>;
};

/**
 * Reads a selector: each field is a regular expression for the whole of a value, and one that is
 * absent or empty matches anything.
 */
export function readSelector(node: Node): Selector {
  if (node.kind !== "mapping") {
    throw new BuildError('A selector should be a mapping with fields such as "kind" and "name"', {
      mark: node.origin.mark,
    });
  }
  const name = textAt(node, ["name"]) ?? "";
  return {
    exactName: plainWord.test(name) ? name : undefined,
    fields: {
      id: {
        group: pattern(node, "group"),
        version: pattern(node, "version"),
        kind: pattern(node, "kind"),
      },
      name: pattern(node, "name"),
      namespace: pattern(node, "namespace"),
      labels: byLabels(node, "labelSelector", "labels"),
      annotations: byLabels(node, "annotationSelector", "annotations"),
    },
    asks: new Set([...node.entries.keys()].filter((field) => textAt(node, [field]))),
  };
}

/** Whether a resource is what a patch is for. Its name and namespace may be the present or the first. */
export function matches(selector: Selector, resource: Resource, schema: Schema): boolean {
  const { name, namespace } = selector.fields;
  const current = currentId(resource);
  if (!matchesKind(selector, current)) return false;
  const first = { ...current, ...resource.previous[0] };
  return (
    (name(first.name) || name(current.name)) &&
    (namespace(effectiveNamespace(first, schema)) ||
      namespace(effectiveNamespace(current, schema))) &&
    matchesMetadata(selector, resource)
  );
}

/** Whether a selector asks for a kind, name or namespace. */
export function selectsById({ asks }: Selector): boolean {
  return ["group", "version", "kind", "name", "namespace"].some((field) => asks.has(field));
}

/** Whether a selector asks for labels or annotations. */
export function selectsByMetadata({ asks }: Selector): boolean {
  return asks.has("labelSelector") || asks.has("annotationSelector");
}

/** Whether an id is what a selector names. */
export function matchesId(selector: Selector, id: ResourceId): boolean {
  const { name, namespace } = selector.fields;
  return matchesKind(selector, id) && name(id.name) && namespace(id.namespace);
}

export function matchesMetadata({ fields }: Selector, resource: Resource): boolean {
  return fields.labels(resource) && fields.annotations(resource);
}

function matchesKind({ fields: { id } }: Selector, { group, version, kind }: ResourceId): boolean {
  return id.kind(kind) && id.group(group) && id.version(version);
}

type Test = (value: string) => boolean;

type LabelsOf = (resource: Resource) => boolean;

const plainWord = /^[-A-Za-z0-9]+$/;

const anything: Test = () => true;

/** Most fields are plain words, which need no regular expression. */
function pattern(target: Mapping, field: string): Test {
  const node = target.entries.get(field);
  const text = textAt(target, [field]) ?? "";
  if (text === "") return anything;
  if (plainWord.test(text)) return (value) => value === text;
  const [, flags = "", body = ""] = /^(\(\?[a-zA-Z]+\))?(.*)$/s.exec(text) ?? [];
  try {
    const expression = goRegExp(`${flags}^(?:${body})$`);
    return (value) => expression.test(value);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new BuildError(
      `Cannot use "${text}" as the "${field}" of a target: it is no regular expression; escape special characters by a backslash`,
      { mark: node?.origin.mark },
    );
  }
}

/** Reads the selector when it is first asked, as Kustomize does: one that no object reaches is never wrong. */
function byLabels(target: Mapping, field: string, where: "labels" | "annotations"): LabelsOf {
  const text = textAt(target, [field]) ?? "";
  if (text === "") return () => true;
  let test: ReturnType<typeof readLabelSelector> | undefined;
  return ({ object }) => {
    test ??= readLabelSelector(text, target.entries.get(field)?.origin.mark);
    const values = nodeAt(object, ["metadata", where]);
    return test((key) => {
      const value = values?.kind === "mapping" ? values.entries.get(key) : undefined;
      if (value === undefined) return undefined;
      return value.kind === "scalar" ? value.text : "";
    });
  };
}
