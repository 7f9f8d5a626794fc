import { BuildError } from "../build-error.ts";
import {
  type Mapping,
  type Node,
  scalar,
  textAt,
  withEntry,
  withItem,
  withoutEntry,
  withStep,
} from "../node/node.ts";
import type { Mark, Origin } from "../node/origin.ts";
import {
  edit,
  existingIndex,
  type Fail,
  newIndex,
  type Pointer,
  readPointer,
} from "./json-pointer.ts";
import { areEqual, asJson } from "./json-values.ts";

/**
 * The object after the operations of a JSON patch (RFC 6902), as Kustomize's library applies them:
 * `replace` adds a field that is missing, negative indices count from the end, `add` without a value
 * sets null. The whole object goes through JSON.
 * The operations are read as configuration, by the rules of YAML 1.1.
 */
export function jsonPatch(target: Mapping, operations: Node, by?: Mark): Mapping {
  let root: Node = asJson(target, "v3");
  for (const operation of readOperations(operations)) {
    root = apply(root, operation, failureOf(operation, target), by);
  }
  if (root.kind !== "mapping") {
    throw failureOf(readOperations(operations)[0], target)("the patch leaves no object behind");
  }
  return root;
}

/** Throws for what is no list of operations. */
export function readOperations(operations: Node): readonly Mapping[] {
  const { mark } = operations.origin;
  if (operations.kind !== "sequence") {
    throw new BuildError('A JSON patch should be a list of operations, each with "op" and "path"', {
      mark,
    });
  }
  return operations.items.map((item) => {
    if (item.kind === "mapping") return item;
    throw new BuildError('An operation of a JSON patch should be a mapping with "op" and "path"', {
      mark: item.origin.mark ?? mark,
    });
  });
}

function apply(root: Node, operation: Mapping, fail: Fail, by: Mark | undefined): Node {
  const op = textAt(operation, ["op"]) ?? "";
  const step = (name: string, before?: Node): Origin => ({
    operation: "JSON patch",
    mark: (operation.entries.get(name) ?? operation).origin.mark,
    by: operation.origin.by ?? by,
    before: before?.origin,
  });
  switch (op) {
    case "add":
      return insert(root, readPointer(operation, "path", fail), newValue(operation), fail);
    case "remove":
      return take(root, readPointer(operation, "path", fail), step, fail).rest;
    case "replace":
      return replace(root, readPointer(operation, "path", fail), operation, fail);
    case "move": {
      const { rest, taken } = take(root, readPointer(operation, "from", fail), step, fail);
      return insert(rest, readPointer(operation, "path", fail), moved(taken, step("from")), fail);
    }
    case "copy": {
      const copied = lookUp(root, readPointer(operation, "from", fail), fail);
      const value = copied ? moved(copied, step("from")) : nullAt(operation);
      return insert(root, readPointer(operation, "path", fail), value, fail);
    }
    case "test":
      test(root, readPointer(operation, "path", fail), operation, fail);
      return root;
    default:
      throw fail(
        op === ""
          ? 'it names no "op"'
          : `"${op}" is no operation; use add, remove, replace, move, copy or test`,
      );
  }
}

function replace(root: Node, at: Pointer, operation: Mapping, fail: Fail): Node {
  const value = newValue(operation);
  if (at.path === "") {
    if (value.kind !== "scalar") return over(root, value);
    throw fail("the whole object can only be replaced by an object");
  }
  return edit(root, at, fail, (container) => {
    if (container.kind === "mapping") {
      const old = container.entries.get(at.key);
      return withEntry(container, at.key, over(old, value));
    }
    const index = existingIndex(container.items, at, fail);
    return withItem(container, index, over(container.items[index], value));
  });
}

function insert(root: Node, at: Pointer, value: Node, fail: Fail): Node {
  return edit(root, at, fail, (container) => {
    if (container.kind === "mapping") {
      return withEntry(container, at.key, over(container.entries.get(at.key), value));
    }
    const { items } = container;
    return { ...container, items: items.toSpliced(newIndex(items, at, fail), 0, value) };
  });
}

function take(
  root: Node,
  at: Pointer,
  step: (name: string, before?: Node) => Origin,
  fail: Fail,
): { readonly rest: Node; readonly taken: Node } {
  let taken: Node | undefined;
  const rest = edit(root, at, fail, (container) => {
    if (container.kind === "mapping") {
      taken = container.entries.get(at.key);
      if (taken === undefined) throw fail(`the object has no "${at.path}"`);
      return withoutEntry(container, at.key, step("path", taken));
    }
    const index = existingIndex(container.items, at, fail);
    taken = container.items[index];
    return { ...container, items: container.items.toSpliced(index, 1) };
  });
  return { rest, taken: taken as Node };
}

function lookUp(root: Node, at: Pointer, fail: Fail): Node | undefined {
  let found: Node | undefined;
  edit(root, at, fail, (container) => {
    found =
      container.kind === "mapping"
        ? container.entries.get(at.key)
        : container.items[existingIndex(container.items, at, fail)];
    return container;
  });
  return found;
}

function test(root: Node, at: Pointer, operation: Mapping, fail: Fail): void {
  const expected = newValue(operation);
  const found = (at.path === "" ? root : lookUp(root, at, fail)) ?? nullAt(operation);
  if (areEqual(found, expected)) return;
  const is = found.kind === "scalar" ? `"${found.text}"` : `a ${found.kind}`;
  throw fail(
    expected.kind === "scalar"
      ? `it is ${is} and should be "${expected.text}"`
      : `it is not the ${expected.kind} that it should be`,
  );
}

function newValue(operation: Mapping): Node {
  const value = operation.entries.get("value");
  return value === undefined ? nullAt(operation) : asJson(value, "v2");
}

function nullAt({ origin }: Mapping): Node {
  return scalar("null", origin, "null");
}

/** A value in the place of another. */
function over(old: Node | undefined, value: Node): Node {
  if (old === undefined) return value;
  return { ...value, origin: { ...value.origin, before: old.origin } };
}

function moved(value: Node, { operation, mark, by }: Origin): Node {
  return withStep(value, { operation, mark, by, keeps: true });
}

function failureOf(operation: Mapping | undefined, target: Mapping): Fail {
  const kind = textAt(target, ["kind"]) ?? "object";
  const name = textAt(target, ["metadata", "name"]) ?? "";
  const op = textAt(operation, ["op"]) ?? "";
  const path = textAt(operation, ["path"]) ?? "";
  const mark = (operation?.entries.get("path") ?? operation)?.origin.mark;
  return (why) =>
    new BuildError(`Cannot apply "${op}" of "${path}" to ${kind} "${name}": ${why}`, { mark });
}
