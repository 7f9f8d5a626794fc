import { BuildError } from "../build-error.ts";
import type { FieldSpec } from "../configurations/field-spec.ts";
import type { Context } from "../context.ts";
import {
  type Mapping,
  mapItems,
  type Node,
  type Scalar,
  scalar,
  textAt,
  withEntry,
} from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { describe, effectiveNamespace, idKey, noNamespace } from "../resource/identity.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import { type FieldEdit, fieldEditor } from "./field-spec-edit.ts";
import { withPreviousName } from "./previous-name.ts";
import { setScalar } from "./set-scalar.ts";

/** Which subjects of a role binding get the namespace. */
export type SubjectMode = "defaultOnly" | "allServiceAccounts" | "none";

export type NamespaceConfig = {
  readonly namespace: Scalar | undefined;
  readonly fieldSpecs: readonly FieldSpec[];
  /** Whether only what has no namespace gets one. */
  readonly unsetOnly?: boolean;
  readonly setRoleBindingSubjects?: SubjectMode;
  readonly by?: Mark | undefined;
};

/**
 * `namespace`: puts objects in a namespace, and the fields that name theirs. Cluster-scoped kinds are
 * left out, `metadata/name` is only meant for v1 Namespaces, and of role bindings the subjects are set.
 */
export function setNamespace(
  resources: readonly Resource[],
  config: NamespaceConfig,
  context: Context,
): readonly Resource[] {
  const { namespace } = config;
  if (namespace === undefined || namespace.text === "") return resources;
  const edit = namespaceEditor(namespace, config, context);
  const changed = resources.map((resource) =>
    isFromHelm(resource) ? resource : edit(withPreviousName(resource, context.schema)),
  );
  refuseSameId(changed, config, context);
  return changed;
}

/** A function that puts a resource in a namespace, whatever other resources are there. */
export function namespaceEditor(
  namespace: Scalar,
  config: Omit<NamespaceConfig, "namespace">,
  { schema }: Context,
): (resource: Resource) => Resource {
  const edit = namespaceEdit(namespace, config);
  const setOwn = fieldEditor([{ path: OWN_NAMESPACE, create: true }], edit);
  const others = config.fieldSpecs.filter((spec) => !isHandledApart(spec));
  const setCore = fieldEditor(others, edit);
  const setOther = fieldEditor(
    others.filter(({ path }) => path !== "metadata/name"),
    edit,
  );
  const setSubjects = subjectsEditor(edit, config.setRoleBindingSubjects ?? "defaultOnly");
  return (resource) => {
    const id = currentId(resource);
    const isClusterScoped = effectiveNamespace(id, schema) === noNamespace;
    const own = isClusterScoped ? resource : setOwn(resource);
    const next = isRoleBinding(id.kind) ? setSubjects(own) : own;
    return id.group === "" && id.version === "v1" ? setCore(next) : setOther(next);
  };
}

const OWN_NAMESPACE = "metadata/namespace";

function namespaceEdit(
  namespace: Scalar,
  { unsetOnly, by }: Omit<NamespaceConfig, "namespace">,
): FieldEdit {
  const step = { operation: "namespace", mark: namespace.origin.mark, by } as const;
  const value = { text: namespace.text, type: "string" } as const;
  return {
    edit(old, isNew) {
      const isSet = old.kind === "scalar" && old.type !== "null" && old.text !== "";
      return unsetOnly && isSet ? old : setScalar(old, isNew, value, step);
    },
    blank: scalar("", step),
    by,
  };
}

/** Kustomize handles the subjects of role bindings apart: which of them is a matter of the mode. */
function subjectsEditor(edit: FieldEdit, mode: SubjectMode): (resource: Resource) => Resource {
  const setSubject = fieldEditor([{ path: "namespace", create: true }], edit);
  const isMeant = (subject: Mapping) =>
    mode === "defaultOnly"
      ? textAt(subject, ["name"]) === "default"
      : textAt(subject, ["kind"]) === "ServiceAccount";
  return (resource) => {
    const subjects = resource.object.entries.get("subjects");
    if (mode === "none" || subjects === undefined || isNull(subjects)) return resource;
    if (subjects.kind !== "sequence") {
      throw new BuildError(
        `Cannot set the namespace of the subjects of ${describe(currentId(resource))}: "subjects" should be a list`,
        { mark: subjects.origin.mark ?? edit.by },
      );
    }
    const changed = mapItems(subjects, (subject) =>
      subject.kind === "mapping" && isMeant(subject)
        ? setSubject({ ...resource, object: subject }).object
        : subject,
    );
    if (changed === subjects) return resource;
    return { ...resource, object: withEntry(resource.object, "subjects", changed) };
  };
}

/** Objects that were told apart by their namespaces alone are one object in a common namespace. */
function refuseSameId(resources: readonly Resource[], config: NamespaceConfig, context: Context) {
  const seen = new Map<string, Resource>();
  for (const resource of resources) {
    const id = currentId(resource);
    const key = idKey(id, context.schema);
    const other = seen.get(key);
    if (other !== undefined) {
      const before = (one: Resource) => one.previous.at(-1);
      throw new BuildError(
        `Cannot put two objects in the namespace "${config.namespace?.text}" as ${id.kind} "${id.name}": they were ${kept(before(other))} and ${kept(before(resource))}`,
        {
          mark: config.namespace?.origin.mark ?? config.by,
          help: "Rename one of them, or give them a kustomization of their own",
        },
      );
    }
    seen.set(key, resource);
  }
}

function kept(name: Resource["previous"][number] | undefined): string {
  return name === undefined ? "there before" : `"${name.name}" of namespace "${name.namespace}"`;
}

function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.type === "null";
}

/** Whether a field is set by rules of its own, which field specs cannot change. */
function isHandledApart({ kind = "", path }: FieldSpec): boolean {
  return path === OWN_NAMESPACE || (isRoleBinding(kind) && path === "subjects/namespace");
}

function isRoleBinding(kind: string): boolean {
  return kind === "RoleBinding" || kind === "ClusterRoleBinding";
}

function isFromHelm({ object }: Resource): boolean {
  const annotation = "internal.config.kubernetes.io/helm-generated";
  return textAt(object, ["metadata", "annotations", annotation]) === "true";
}
