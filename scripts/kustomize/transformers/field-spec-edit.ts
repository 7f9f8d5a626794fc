import { BuildError } from "../build-error.ts";
import { type FieldSpec, isSelected, splitPath } from "../configurations/field-spec.ts";
import { type Mapping, mapItems, type Node, type Scalar, withEntry } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { describe } from "../resource/identity.ts";
import { currentId, type Resource, type ResourceId } from "../resource/resource.ts";

/** What is done to each field that a field spec leads to. */
export type FieldEdit = {
  /** `isNew` where the field was missing, so that what it holds is the blank. */
  readonly edit: (value: Node, isNew: boolean) => Node;
  /** What a field that should be created begins as; without it none is. */
  readonly blank?: Mapping | Scalar;
  /** The entry of the kustomization that does it, for messages. */
  readonly by?: Mark | undefined;
};

type Step = { readonly name: string; readonly isList: boolean };
type Route = { readonly spec: FieldSpec; readonly steps: readonly Step[] };

/**
 * A function that edits the fields which the specs name in a resource. Specs are chosen once for each
 * kind of object. Like Kustomize, a list on the way stands for all its items, a null or missing part
 * ends the way unless the spec creates it, and `[]` turns a null into an empty list.
 */
export function fieldEditor(
  specs: readonly FieldSpec[],
  edit: FieldEdit,
): (resource: Resource) => Resource {
  const routesOf = routesByKind(specs);
  return (resource) => {
    const id = currentId(resource);
    let object: Node = resource.object;
    for (const route of routesOf(id)) object = walk(object, 0, { ...route, ...edit, id });
    return object === resource.object || object.kind !== "mapping"
      ? resource
      : { ...resource, object };
  };
}

type RoutesOf = (id: ResourceId) => readonly Route[];

/** The specs that are for a kind, with their paths split; worked out once for each. */
function routesByKind(specs: readonly FieldSpec[]): RoutesOf {
  const known = routers.get(specs) ?? createRouter(specs);
  routers.set(specs, known);
  return known;
}

/** The same list is in force in most kustomizations of a repository. */
const routers = new WeakMap<readonly FieldSpec[], RoutesOf>();

function createRouter(specs: readonly FieldSpec[]): RoutesOf {
  const all = specs.map((spec) => ({ spec, steps: splitPath(spec.path).map(stepOf) }));
  const known = new Map<string, readonly Route[]>();
  return (id) => {
    const key = `${id.group}/${id.version}/${id.kind}`;
    const routes = known.get(key) ?? all.filter(({ spec }) => isSelected(id, spec));
    known.set(key, routes);
    return routes;
  };
}

function stepOf(part: string): Step {
  const isList = part.endsWith("[]");
  return { name: isList ? part.slice(0, -2) : part, isList };
}

type Walk = Route & FieldEdit & { readonly id: ResourceId };

function walk(node: Node, depth: number, way: Walk): Node {
  const step = way.steps[depth];
  if (step === undefined) return way.edit(node, node === way.blank);
  if (node.kind === "sequence") return mapItems(node, (item) => walk(item, depth, way));
  if (node.kind === "mapping") return walkEntry(node, step, depth, way);
  if (node.type === "null") return node;
  throw notWalkable(node, step, way);
}

function walkEntry(owner: Mapping, step: Step, depth: number, way: Walk): Node {
  if (step.name === "") {
    throw new BuildError(`Cannot follow the field path "${way.spec.path}": it has an empty name`, {
      mark: way.spec.mark ?? way.by,
    });
  }
  const found = owner.entries.get(step.name);
  const start = found === undefined || isNull(found) ? startOf(found, step, depth, way) : found;
  if (start === undefined) return owner;
  const value = walk(start, depth + 1, way);
  return value === found ? owner : withEntry(owner, step.name, value);
}

/** What a missing or null field is taken for; a null keeps its history. */
function startOf(
  found: Scalar | undefined,
  step: Step,
  depth: number,
  way: Walk,
): Node | undefined {
  if (step.isList) return found && { kind: "sequence", items: [], origin: found.origin };
  if (!way.spec.create || way.blank === undefined) return found;
  const origin = found?.origin ?? way.blank.origin;
  if (depth < way.steps.length - 1) return { kind: "mapping", entries: new Map(), origin };
  if (found === undefined) return way.blank;
  return way.blank.kind === "scalar" ? found : { ...way.blank, origin };
}

function isNull(node: Node): node is Scalar {
  return node.kind === "scalar" && node.type === "null";
}

function notWalkable(node: Scalar, step: Step, { spec, id, by }: Walk): BuildError {
  return new BuildError(
    `Cannot set "${spec.path}" of ${describe(id)}: a mapping or a list should hold "${step.name}", but there is "${node.text}"`,
    { mark: node.origin.mark ?? spec.mark ?? by },
  );
}
