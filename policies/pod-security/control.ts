import type { IPodSecurityContext } from "kubernetes-models/v1/PodSecurityContext";
import type { ISecurityContext } from "kubernetes-models/v1/SecurityContext";
import type { Path } from "../../scripts/fleet/resource.ts";
import { containersIn, type PodTemplate } from "../workload.ts";

/** What a pod does that a level forbids, with the path from the manifest's root. */
export type Violation = { readonly path: Path; readonly message: string };

/** One check of the Pod Security Standards, by the id that Kubernetes gives it. */
export type Control = {
  readonly id: string;
  readonly check: (pod: PodTemplate) => Iterable<Violation>;
};

/** A security context, whose it is as a sentence starts, and where it stands. */
export type Context = {
  readonly owner: string;
  readonly value: Partial<ISecurityContext & IPodSecurityContext>;
  readonly path: Path;
};

/** The pod's security context. */
export function podContext({ path, spec }: PodTemplate): Context {
  return {
    owner: "The pod",
    value: spec.securityContext ?? {},
    path: [...path, "spec", "securityContext"],
  };
}

/** The security contexts of the containers. */
export function containerContexts(pod: PodTemplate): Context[] {
  return containersIn(pod).map(({ title, container, path }) => ({
    owner: title,
    value: container.securityContext ?? {},
    path: [...path, "securityContext"],
  }));
}

/** Every security context: the pod's, then those of the containers. */
export function contexts(pod: PodTemplate): Context[] {
  return [podContext(pod), ...containerContexts(pod)];
}

/**
 * A field that containers inherit from the pod unless they set it: whoever sets a forbidden value
 * violates, and so does what ends up without one.
 */
export function* inherited(
  pod: PodTemplate,
  field: {
    readonly path: Path;
    readonly read: (context: Context["value"]) => unknown;
    readonly allows: (value: unknown) => boolean;
    readonly forbidden: (value: unknown) => string;
    readonly missing: string;
  },
): Generator<Violation> {
  const wrong = ({ owner, value, path }: Context): Violation => ({
    path: [...path, ...field.path],
    message: `${owner} ${field.forbidden(field.read(value))}`,
  });
  const own = podContext(pod);
  const ofPod = field.read(own.value) ?? undefined;
  if (ofPod !== undefined && !field.allows(ofPod)) yield wrong(own);
  const unset: Context[] = [];
  const all = containerContexts(pod);
  for (const context of all) {
    const value = field.read(context.value) ?? undefined;
    if (value === undefined) unset.push(context);
    else if (!field.allows(value)) yield wrong(context);
  }
  if (ofPod !== undefined || unset.length === 0) return;
  // Where nothing sets it there is one thing to fix: the pod.
  const lacking = unset.length === all.length ? [own] : unset;
  for (const { owner, path } of lacking) {
    yield { path: [...path, ...field.path], message: `${owner} ${field.missing}` };
  }
}
