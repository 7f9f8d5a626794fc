import { BuildError } from "../build-error.ts";
import { isSelected, type KindSelector } from "../configurations/field-spec.ts";
import type { Mark } from "../node/origin.ts";
import { describe, noNamespace } from "../resource/identity.ts";
import type { Resource } from "../resource/resource.ts";
import type { Candidate, Candidates, Referrer } from "./candidates.ts";

/** A name in a field of an object that may be the earlier name of another. */
export type Reference = {
  readonly name: string;
  /** The namespace beside the name, where the field is a mapping and has one. */
  readonly namespace: string | undefined;
  /** Kinds that the field names, and those that `roleRef` says where the field is in one. */
  readonly targets: readonly KindSelector[];
  /** Whether the namespace is written as well, so that targets of several namespaces are not the same. */
  readonly setsNamespace: boolean;
  readonly mark: Mark | undefined;
};

/**
 * The object that a reference means; undefined for none. Objects of another namespace are left out but
 * for ServiceAccounts; among several, those win that got the same prefixes and suffixes, first with
 * an object that got none, then exactly.
 */
export function selectReferral(
  reference: Reference,
  referrer: Referrer,
  candidates: Candidates,
): Candidate | undefined {
  const { name, namespace, targets, mark } = reference;
  const [target = {}] = targets;
  let found = candidates
    .find(name, target, referrer, namespace)
    .filter((one) => targets.every((kind) => wasOfKind(one, kind)) && isNear(one, referrer));
  if (found.length === 1) return found[0];
  found = found.filter(({ resource }) => hasLikeAffixes(resource, referrer.resource));
  if (found.length > 1) {
    found = found.filter(({ resource }) => hasSameAffixes(resource, referrer.resource));
  }
  const [first, ...others] = found;
  if (first === undefined || others.every((other) => isSame(first, other, reference))) return first;
  const names = found.map(({ id }) => describe(id)).join(", ");
  throw new BuildError(
    `Cannot tell what "${name}" in ${describe(referrer.id)} means: all of these had that name: ${names}; give them different names, or name what is meant by the name it has now`,
    { mark },
  );
}

/** Group and version are today's, only the kind is remembered. */
function wasOfKind({ resource, id }: Candidate, kind: KindSelector): boolean {
  return resource.previous.some((earlier) => isSelected({ ...id, kind: earlier.kind }, kind));
}

function isNear(candidate: Candidate, referrer: Referrer): boolean {
  return (
    referrer.namespace === noNamespace ||
    candidate.namespace === noNamespace ||
    candidate.id.kind === "ServiceAccount" ||
    candidate.namespace === referrer.namespace
  );
}

function hasLikeAffixes(a: Resource, b: Resource): boolean {
  return (
    (isNone(a.prefixes, b.prefixes) || endSame(a.prefixes, b.prefixes)) &&
    (isNone(a.suffixes, b.suffixes) || endSame(a.suffixes, b.suffixes))
  );
}

function hasSameAffixes(a: Resource, b: Resource): boolean {
  return endSame(a.prefixes, b.prefixes) && endSame(a.suffixes, b.suffixes);
}

function isNone(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0;
}

/** Whether one list is the end of the other; an empty one is the end of an empty one only. */
function endSame(a: readonly string[], b: readonly string[]): boolean {
  if (isNone(a, b)) return a.length === b.length;
  const length = Math.min(a.length, b.length);
  for (let back = 1; back <= length; back++) if (a.at(-back) !== b.at(-back)) return false;
  return true;
}

function isSame(a: Candidate, b: Candidate, { setsNamespace }: Reference): boolean {
  return a.id.name === b.id.name && (!setsNamespace || a.id.namespace === b.id.namespace);
}
