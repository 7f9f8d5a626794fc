import { BuildError } from "../build-error.ts";
import {
  type FieldSpec,
  isSelected,
  type KindSelector,
  splitPath,
} from "../configurations/field-spec.ts";
import { type Mapping, type Node, withEntry, withItem } from "../node/node.ts";
import { describe } from "../resource/identity.ts";
import type { ResourceId } from "../resource/resource.ts";

/** A field spec and what is to be done with the fields it leads to. */
export type Rule<T> = { readonly spec: FieldSpec; readonly task: T };

/** A field that an object has, at a path that says which item of each list. */
type Field<T> = { readonly path: Path; readonly rule: Rule<T> };

export type Path = readonly (string | number)[];

/** Finds the fields of an object that rules are for, in the order of the rules. */
export type FieldFinder<T> = (object: Mapping, id: ResourceId) => readonly Field<T>[];

/**
 * Makes a finder for a kind, which takes one walk of an object however many rules there are: the
 * paths of the rules for the kind make one tree.
 */
export function fieldFinder<T>(rules: readonly Rule<T>[]): (kind: KindSelector) => FieldFinder<T> {
  const known = new Map<string, FieldFinder<T>>();
  return (kind) => {
    const key = `${kind.group}/${kind.version}/${kind.kind}`;
    const finder = known.get(key) ?? finderOf(rules.filter(({ spec }) => isSelected(kind, spec)));
    known.set(key, finder);
    return finder;
  };
}

/** The object with another value at a path that it has. */
export function withValueAt<N extends Node>(owner: N, [first, ...rest]: Path, value: Node): N {
  if (first === undefined) return value as N;
  if (owner.kind === "mapping") {
    const old = owner.entries.get(String(first));
    return old ? (withEntry(owner, String(first), withValueAt(old, rest, value)) as N) : owner;
  }
  if (owner.kind === "scalar") return owner;
  const old = owner.items[Number(first)];
  return old ? (withItem(owner, Number(first), withValueAt(old, rest, value)) as N) : owner;
}

type Tree<T> = {
  readonly branches: Map<string, Tree<T>>;
  readonly ends: { readonly rule: Rule<T>; readonly order: number }[];
};
type Found<T> = Field<T> & { readonly order: number };

function finderOf<T>(rules: readonly Rule<T>[]): FieldFinder<T> {
  const root = treeOf(rules);
  return (object, id) => {
    const found: Found<T>[] = [];
    follow(object, root, [], found, id);
    return found.sort((a, b) => a.order - b.order);
  };
}

function treeOf<T>(rules: readonly Rule<T>[]): Tree<T> {
  const root: Tree<T> = { branches: new Map(), ends: [] };
  for (const [order, rule] of rules.entries()) {
    let tree = root;
    for (const part of splitPath(rule.spec.path)) {
      const name = part.endsWith("[]") ? part.slice(0, -2) : part;
      const branch: Tree<T> = tree.branches.get(name) ?? { branches: new Map(), ends: [] };
      tree.branches.set(name, branch);
      tree = branch;
    }
    tree.ends.push({ rule, order });
  }
  return root;
}

/** Like Kustomize, a list on the way stands for all its items, and a null or missing part ends the way. */
function follow<T>(node: Node, tree: Tree<T>, path: Path, found: Found<T>[], id: ResourceId): void {
  if (tree.branches.size === 0) return;
  if (node.kind === "sequence") {
    for (const [index, item] of node.items.entries())
      follow(item, tree, [...path, index], found, id);
  } else if (node.kind === "mapping") {
    for (const [name, branch] of tree.branches) {
      if (name === "") throw emptyName(branch);
      const value = node.entries.get(name);
      if (value === undefined) continue;
      const here = [...path, name];
      for (const end of branch.ends) found.push({ path: here, ...end });
      follow(value, branch, here, found, id);
    }
  } else if (node.type !== "null") {
    throw notWalkable(node, tree, id);
  }
}

/** A rule that the tree is of, for messages. */
function someRule<T>({ ends, branches }: Tree<T>): Rule<T> {
  const [end] = ends;
  if (end) return end.rule;
  for (const branch of branches.values()) return someRule(branch);
  throw new Error("every branch of a field tree has an end");
}

function emptyName<T>(tree: Tree<T>): BuildError {
  const { spec } = someRule(tree);
  return new BuildError(`Cannot follow the field path "${spec.path}": it has an empty name`, {
    mark: spec.mark,
  });
}

function notWalkable<T>(
  { text, origin }: Extract<Node, { kind: "scalar" }>,
  tree: Tree<T>,
  id: ResourceId,
): BuildError {
  const { spec } = someRule(tree);
  return new BuildError(
    `Cannot follow the field path "${spec.path}" in ${describe(id)}: there is "${text}" on the way, where a mapping or a list should be`,
    { mark: origin.mark ?? spec.mark },
  );
}
