import type { Path } from "../fleet/resource.ts";
import type { Mapping, Node } from "../kustomize/node/node.ts";
import { type Operation, type Origin, placeOf } from "../kustomize/node/origin.ts";
import type { Place } from "../yaml/place.ts";

/** Where a person would change the value at a path; the nearest enclosing place where there is none. */
export function valuePlace(object: Mapping, path: Path): Place {
  let current: Node = object;
  let place = originPlace(object.origin);
  for (const part of path) {
    const next = child(current, part);
    if (next === undefined) return removalPlace(current, part) ?? place ?? nowhere;
    current = next;
    place = originPlace(current.origin) ?? place;
  }
  return place ?? nowhere;
}

function child(node: Node, part: string | number): Node | undefined {
  if (node.kind === "mapping") return node.entries.get(String(part));
  return node.kind === "sequence" ? node.items[Number(part)] : undefined;
}

/** What is missing because a patch took it away belongs to that patch. */
function removalPlace(node: Node, part: string | number): Place | undefined {
  const step = node.kind === "mapping" ? node.removed?.get(String(part)) : undefined;
  return step && originPlace(step);
}

/**
 * The newest step that decided the value. One that only carries it on is passed over: who reads of a
 * name wants to know who gave it, not who put an environment's prefix before it.
 */
function originPlace(origin: Origin): Place | undefined {
  for (let step: Origin | undefined = origin; step; step = step.before) {
    if (step.keeps && step.before && carriers.has(step.operation)) continue;
    if (step.mark) return placeOf(step.mark);
    if (step.by) return placeOf(step.by);
  }
  return undefined;
}

const carriers: ReadonlySet<Operation> = new Set([
  "name hash",
  "name reference",
  "namePrefix",
  "nameSuffix",
  "replacement",
  "var",
]);

const nowhere: Place = { file: "" };
