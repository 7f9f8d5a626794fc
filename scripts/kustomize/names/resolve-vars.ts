import { BuildError } from "../build-error.ts";
import type { FieldSpec } from "../configurations/field-spec.ts";
import {
  type Mapping,
  mapEntries,
  mapItems,
  type Node,
  nodeAt,
  type Scalar,
  type Sequence,
} from "../node/node.ts";
import { settleShared } from "../node/shared.ts";
import { describe } from "../resource/identity.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import { parseVars } from "./expand.ts";
import { fieldFinder, withValueAt } from "./field-tree.ts";
import { readVarValue, type VarValue } from "./var-value.ts";
import type { Var, Vars } from "./vars.ts";

export type Resolved = {
  readonly resources: readonly Resource[];
  /** Vars that no field holds, by name. */
  readonly unused: readonly string[];
};

/** Replaces `$(NAME)` in the fields that may hold vars. */
export function resolveVars(
  resources: readonly Resource[],
  vars: Vars,
  fieldSpecs: readonly FieldSpec[],
): Resolved {
  if (vars.size === 0) return { resources, unused: [] };
  const values = readValues(vars, resources);
  const used = new Set<string>();
  const expand = (value: Scalar) => expanded(value, values, used);
  const fieldsOf = fieldFinder(fieldSpecs.map((spec) => ({ spec, task: undefined })));
  const resolved = resources.map((resource) => {
    const id = currentId(resource);
    let { object } = resource;
    for (const { path, rule } of fieldsOf(id)(object, id)) {
      const value = nodeAt(object, path);
      if (value === undefined) continue;
      const mistake = `"${rule.spec.path}" of ${describe(id)}`;
      const fixed = expandIn(value, expand, mistake);
      if (fixed !== value) object = withValueAt(object, path, fixed);
    }
    if (object === resource.object) return resource;
    return { ...resource, object: settleShared(resource.object, object) };
  });
  const unused = [...vars.keys()].filter((name) => !used.has(name)).sort();
  return { resources: resolved, unused };
}

type Value = VarValue & { readonly entry: Var };

function readValues(vars: Vars, resources: readonly Resource[]): ReadonlyMap<string, Value> {
  const targets = new Map<string, Resource>();
  for (const resource of resources) {
    for (const name of resource.vars ?? []) if (!targets.has(name)) targets.set(name, resource);
  }
  const values = new Map<string, Value>();
  for (const [name, entry] of vars) {
    const target = targets.get(name);
    if (target === undefined) throw withoutTarget(entry);
    const value = readVarValue(entry, target);
    if (value) values.set(name, { ...value, entry });
  }
  return values;
}

/** A text, the texts of a mapping, or a list of texts. */
function expandIn(value: Node, expand: (value: Scalar) => Scalar, where: string): Node {
  if (value.kind === "scalar") {
    const text = textOf(value);
    return text ? expand(text) : value;
  }
  return value.kind === "mapping"
    ? expandEntries(value, expand)
    : expandItems(value, expand, where);
}

function expandEntries(owner: Mapping, expand: (value: Scalar) => Scalar): Mapping {
  return mapEntries(owner, (value) => {
    const text = textOf(value);
    return text ? expand(text) : value;
  });
}

function expandItems(owner: Sequence, expand: (value: Scalar) => Scalar, where: string): Sequence {
  return mapItems(owner, (item) => {
    const text = textOf(item);
    if (text) return expand(text);
    throw new BuildError(
      `Cannot look for vars in ${where}: the list must hold nothing but texts, and one item is ${item.kind === "scalar" ? `"${item.text}" without quotes` : `a ${item.kind}`}`,
      { mark: item.origin.mark },
    );
  });
}

/** What Kustomize wrote without a type is a text to it, and stays one from here on. */
function textOf(node: Node): Scalar | undefined {
  if (node.kind !== "scalar") return undefined;
  if (node.type === "string") return node;
  return node.untagged ? { ...node, type: "string", untagged: false } : undefined;
}

/** A text with its vars replaced; one that is a single var takes the type of its value. */
function expanded(value: Scalar, values: ReadonlyMap<string, Value>, used: Set<string>): Scalar {
  const parts = parseVars(value.text);
  const found = parts.flatMap((part) => {
    const known = typeof part === "string" ? undefined : values.get(part.name);
    if (known) used.add(known.entry.name);
    return known ?? [];
  });
  const [first] = found;
  const origin = {
    operation: "var",
    by: first?.entry.mark,
    keeps: true,
    from: found.map(({ node }) => node),
    before: value.origin,
  } as const;
  if (first && value.text === `$(${first.entry.name})`) {
    return { ...value, type: first.type, text: first.alone, origin };
  }
  const text = parts
    .map((part) =>
      typeof part === "string" ? part : (values.get(part.name)?.within ?? `$(${part.name})`),
    )
    .join("");
  return text === value.text ? value : { ...value, text, origin };
}

function withoutTarget({ name, object, mark }: Var): BuildError {
  return new BuildError(
    `The var "${name}" means ${describe(object)}, which is not among the resources: correct its "objref", which takes names as they were before any prefix, suffix or hash`,
    { mark },
  );
}
