import type { Node } from "../../../scripts/kustomize/node/node.ts";
import { allSteps, liveSteps, placeOf } from "../../../scripts/kustomize/node/origin.ts";
import type { Resource } from "../../../scripts/kustomize/resource/resource.ts";
import { placeKey } from "./source-scalars.ts";

/** A scalar of the output: what is printed, the places that its origins name, if it is an image's. */
export type OutputScalar = {
  readonly text: string;
  readonly places: ReadonlySet<string>;
  readonly isReplacedImage: boolean;
};

/** Every scalar of a build, by the number of its object and its path. */
export function outputScalars(resources: readonly Resource[]): ReadonlyMap<string, OutputScalar> {
  const found = new Map<string, OutputScalar>();
  resources.forEach(({ object }, index) => {
    collect(object, `${index}`, found);
  });
  return found;
}

function collect(node: Node, path: string, found: Map<string, OutputScalar>): void {
  if (node.kind === "scalar") {
    found.set(path, {
      text: `${node.type} ${node.text}`,
      places: placesOf(node),
      isReplacedImage: allSteps(node.origin).some(({ operation }) => operation === "images"),
    });
  } else if (node.kind === "mapping") {
    for (const [key, child] of node.entries) collect(child, `${path}/${key}`, found);
  } else {
    node.items.forEach((child, index) => {
      collect(child, `${path}/${index}`, found);
    });
  }
}

const known = new WeakMap<Node, ReadonlySet<string>>();

/** The places of a value over its live steps, those included that it was made from. */
function placesOf(node: Node): ReadonlySet<string> {
  const places = known.get(node) ?? new Set<string>();
  if (known.has(node)) return places;
  known.set(node, places);
  const all = places as Set<string>;
  for (const { mark, from = [] } of liveSteps(node.origin)) {
    if (mark) all.add(placeKey(placeOf(mark)));
    for (const source of from) for (const place of deepPlaces(source)) all.add(place);
  }
  return all;
}

/** A hash is made from all that stands below the node. */
function deepPlaces(node: Node): Iterable<string> {
  const below: readonly Node[] =
    node.kind === "mapping"
      ? [...node.entries.values()]
      : node.kind === "sequence"
        ? node.items
        : [];
  return [
    ...(node.kind === "scalar" ? placesOf(node) : []),
    ...below.flatMap((one) => [...deepPlaces(one)]),
  ];
}
