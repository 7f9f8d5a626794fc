import type { FieldSpec, KindSelector } from "./field-spec.ts";

/** Where a kind of workload keeps the spec of its pods. */
const podSpecs: Readonly<Record<string, string>> = {
  Pod: "spec",
  PodTemplate: "template/spec",
  CronJob: "spec/jobTemplate/spec/template/spec",
};

/** A field of a pod, in each of some kinds of workload. */
export function inPods(kinds: readonly (string | KindSelector)[], path: string): FieldSpec[] {
  return kinds.map((selector) => {
    const kind = typeof selector === "string" ? { kind: selector } : selector;
    return field(kind, `${podSpecs[kind.kind ?? ""] ?? "spec/template/spec"}/${path}`);
  });
}

/** One field of one kind, which is not created where it is missing. */
export function field(kind: string | KindSelector, path: string): FieldSpec {
  return { ...(typeof kind === "string" ? { kind } : kind), path, create: false };
}

/** One field of one kind, which is created where it is missing. */
export function createdField(kind: string | KindSelector, path: string): FieldSpec {
  return { ...field(kind, path), create: true };
}
