import { type Mapping, mapEntries, mapItems, type Node, type Scalar } from "./node.ts";

/*
 * Kustomize writes a new label or annotation once and lets all fields of an object hold that one value.
 * Who changes it in one of them later changes it in all: a label of an overlay that is meant for the
 * metadata alone reaches selectors and templates where a base has set the same label. To print the same
 * bytes, such values carry a symbol, and a change of one is carried over to the others.
 */

/** An object in which shared values that changed in one of their fields are the same in all again. */
export function settleShared(before: Mapping, after: Mapping): Mapping {
  const changed = new Map<Scalar, symbol>();
  collectChanged(before, after, changed);
  if (changed.size === 0) return after;
  const values = new Map([...changed].map(([scalar, shared]) => [shared, { ...scalar, shared }]));
  return mapScalars(after, (scalar) => {
    const shared = scalar.shared ?? changed.get(scalar);
    return (shared && values.get(shared)) ?? scalar;
  });
}

/** An object with new values for what is shared. */
export function withShared(object: Mapping, values: ReadonlyMap<symbol, Scalar>): Mapping {
  return mapScalars(object, (scalar) => (scalar.shared && values.get(scalar.shared)) ?? scalar);
}

/** An object whose fields have values of their own, as after a way through JSON. */
export function withoutShared(object: Mapping): Mapping {
  return mapScalars(object, (scalar) => {
    if (scalar.shared === undefined) return scalar;
    const { shared: _, ...own } = scalar;
    return own;
  });
}

/** Goes through both trees side by side, by sorted keys as Kustomize merges: the last change counts. */
function collectChanged(before: Node, after: Node | undefined, changed: Map<Scalar, symbol>): void {
  if (before === after || after === undefined) return;
  if (before.kind === "scalar") {
    const { shared } = before;
    if (shared !== undefined && after.kind === "scalar") changed.set(after, shared);
  } else if (before.kind === "mapping" && after.kind === "mapping") {
    for (const key of [...before.entries.keys()].sort()) {
      const value = before.entries.get(key);
      if (value) collectChanged(value, after.entries.get(key), changed);
    }
  } else if (before.kind === "sequence" && after.kind === "sequence") {
    // Items that moved are not compared with others.
    if (before.items.length !== after.items.length) return;
    before.items.forEach((item, index) => {
      collectChanged(item, after.items[index], changed);
    });
  }
}

function mapScalars<N extends Node>(node: N, change: (scalar: Scalar) => Scalar): N;
function mapScalars(node: Node, change: (scalar: Scalar) => Scalar): Node {
  if (node.kind === "scalar") return change(node);
  const inside = (value: Node) => mapScalars(value, change);
  return node.kind === "sequence" ? mapItems(node, inside) : mapEntries(node, inside);
}
