import { BuildError } from "../build-error.ts";
import type { KindSelector, NameReferenceSpec } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import {
  type Mapping,
  mapItems,
  type Node,
  nodeAt,
  type Scalar,
  scalar,
  withEntry,
} from "../node/node.ts";
import { describe, noNamespace } from "../resource/identity.ts";
import { originalId, type Resource } from "../resource/resource.ts";
import { typeInPlaceOf } from "../transformers/set-scalar.ts";
import {
  type Candidate,
  type Candidates,
  candidatesOf,
  indexCandidates,
  type Referrer,
} from "./candidates.ts";
import { type FieldFinder, fieldFinder, withValueAt } from "./field-tree.ts";
import { type Reference, selectReferral } from "./select-referral.ts";

/**
 * Brings every reference to an object whose name has changed up to date. Which fields are references
 * goes by the kind that the referrer had at first; what they mean, by the names that objects had.
 */
export function fixBackReferences(
  resources: readonly Resource[],
  specs: readonly NameReferenceSpec[],
  { schema }: Context,
): readonly Resource[] {
  const all = candidatesOf(resources, schema);
  const candidates = indexCandidates(all);
  const fieldsOf = fieldFinder<KindSelector>(
    specs.flatMap((target) => target.fieldSpecs.map((spec) => ({ spec, task: target }))),
  );
  return all.map((referrer) => {
    const fields = fieldsOf(originalId(referrer.resource));
    const object = withReferences(referrer, fields, candidates);
    return object === referrer.resource.object
      ? referrer.resource
      : { ...referrer.resource, object };
  });
}

type Field = {
  readonly target: KindSelector;
  /** What `roleRef` says, where the field is in it. */
  readonly roleRef: RoleRef | undefined;
  readonly referrer: Referrer;
  readonly candidates: Candidates;
};

type RoleRef = { readonly kind: KindSelector; readonly nodes: readonly Node[] };

function withReferences(
  candidate: Candidate,
  find: FieldFinder<KindSelector>,
  candidates: Candidates,
): Mapping {
  const { resource, id } = candidate;
  const fields = find(resource.object, id);
  if (fields.length === 0) return resource.object;
  const referrer = { ...candidate, subjectNamespaces: subjectNamespaces(candidate) };
  let object = resource.object;
  for (const { path, rule } of fields) {
    const value = nodeAt(object, path);
    if (value === undefined) continue;
    const roleRef = rule.spec.path.endsWith("roleRef/name") ? readRoleRef(object) : undefined;
    const fixed = fixValue(value, { target: rule.task, roleRef, referrer, candidates });
    if (fixed !== value) object = withValueAt(object, path, fixed);
  }
  return object;
}

/** A name, a mapping with a name and maybe a namespace, or a list of either. */
function fixValue(value: Node, field: Field): Node {
  if (value.kind !== "sequence") return fixItem(value, field);
  return mapItems(value, (item) => {
    if (item.kind !== "sequence") return fixItem(item, field);
    throw new BuildError(
      `Cannot read a reference of ${describe(field.referrer.id)}: there is a list in a list, where a name or a mapping with a name should be`,
      { mark: item.origin.mark },
    );
  });
}

function fixItem(value: Scalar | Mapping, field: Field): Scalar | Mapping {
  if (value.kind === "mapping") return fixMapping(value, field);
  if (value.type === "null") return value;
  const referral = select({ name: value, namespace: undefined, isMapping: false }, field);
  return referral ? renamed(value, referral, field.roleRef?.nodes ?? []) : value;
}

function fixMapping(value: Mapping, field: Field): Mapping {
  const name = value.entries.get("name");
  const namespace = value.entries.get("namespace");
  if (name === undefined) {
    throw new BuildError(
      `Cannot read a reference of ${describe(field.referrer.id)}: it is a mapping without "name"`,
      { mark: value.origin.mark },
    );
  }
  if (name.kind !== "scalar") return value;
  const referral = select({ name, namespace, isMapping: true }, field);
  if (referral === undefined) return value;
  const near = namespace ? [namespace] : [];
  const fixed = withIfNew(value, "name", renamed(name, referral, near));
  return referral.id.namespace === ""
    ? fixed
    : withIfNew(fixed, "namespace", moved(namespace, referral, name));
}

function select(
  { name, namespace, isMapping }: { name: Scalar; namespace: Node | undefined; isMapping: boolean },
  { target, roleRef, referrer, candidates }: Field,
): Candidate | undefined {
  const reference: Reference = {
    name: name.text,
    namespace: namespace && (namespace.kind === "scalar" ? namespace.text : ""),
    targets: roleRef ? [target, roleRef.kind] : [target],
    setsNamespace: isMapping,
    mark: name.origin.mark,
  };
  return selectReferral(reference, referrer, candidates);
}

/** The name that the object has now; `near` stands beside the old one and has told what it means. */
function renamed(old: Scalar, { id, resource }: Candidate, near: readonly Node[]): Scalar {
  if (old.text === id.name) return old;
  const from = [...nodesAt(resource, "name"), ...near];
  const origin = { operation: "name reference", keeps: true, from, before: old.origin } as const;
  return scalar(id.name, origin, typeInPlaceOf(old, id.name));
}

function moved(old: Node | undefined, { id, resource }: Candidate, name: Scalar): Node {
  if (old?.kind === "scalar" && old.text === id.namespace) return old;
  const from = [...nodesAt(resource, "namespace"), name];
  const step = { operation: "name reference", from } as const;
  if (old?.kind !== "scalar") return scalar(id.namespace, step);
  const origin = { ...step, keeps: true, before: old.origin };
  return scalar(id.namespace, origin, typeInPlaceOf(old, id.namespace));
}

function nodesAt({ object }: Resource, name: "name" | "namespace"): readonly Node[] {
  const found = nodeAt(object, ["metadata", name]);
  return found ? [found] : [];
}

function withIfNew(owner: Mapping, key: string, value: Node): Mapping {
  return owner.entries.get(key) === value ? owner : withEntry(owner, key, value);
}

/** Which kind a role binding means; undefined where it does not say, so any will do. */
function readRoleRef(object: Mapping): RoleRef | undefined {
  const group = nodeAt(object, ["roleRef", "apiGroup"]);
  const kind = nodeAt(object, ["roleRef", "kind"]);
  if (group?.kind !== "scalar" || kind?.kind !== "scalar") return undefined;
  return { kind: { group: group.text, kind: kind.text }, nodes: [group, kind] };
}

/** A RoleBinding reaches the namespaces of the ServiceAccounts that it binds. */
function subjectNamespaces({ id, namespace, resource }: Candidate): ReadonlySet<string> {
  if (id.kind !== "RoleBinding" || namespace === noNamespace) return nowhere;
  const subjects = nodeAt(resource.object, ["subjects"]);
  if (subjects?.kind !== "sequence") return nowhere;
  const namespaces = new Set<string>();
  for (const subject of subjects.items) {
    const where = nodeAt(subject, ["namespace"]);
    const kind = nodeAt(subject, ["kind"]);
    if (where === undefined || kind?.kind !== "scalar" || kind.text !== "ServiceAccount") continue;
    if (where.kind !== "scalar" || where.type !== "string") {
      throw new BuildError(
        `A subject of ${describe(id)} has a "namespace" without a name in it: write one, or leave the field out`,
        { mark: where.origin.mark },
      );
    }
    namespaces.add(where.text);
  }
  return namespaces;
}

const nowhere: ReadonlySet<string> = new Set();
