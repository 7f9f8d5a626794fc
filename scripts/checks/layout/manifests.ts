import { kustomizationNames } from "../../kustomize/kustomization/read.ts";
import type { Kustomization, Reference } from "../../render/kustomization.ts";
import type { Sources } from "../../render/sources.ts";
import { baseName } from "../../tree/tree.ts";
import { text, valueAt } from "../../yaml/value.ts";
import type { Finding } from "../finding.ts";

/** One object in each file, and a file name that says which: paths can be guessed. */
export function manifestFindings(sources: Sources, kustomization: Kustomization): Finding[] {
  return [
    ...kustomizationName(kustomization),
    ...kustomization.references.flatMap((reference) => {
      if (sources.tree.list(reference.path).length > 0) return [];
      if (reference.role === "patch") return patchName(reference);
      return reference.role === "resource" ? resourceFindings(sources, reference) : [];
    }),
  ];
}

/** `HTTPRoute` is `http-route`, `PersistentVolumeClaim` is `persistent-volume-claim`. */
export function kebabCase(kind: string): string {
  return kind
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** The one manifest that a fork edits is named after what it is for. */
const environmentFile = /^clusters\/[^/]+\/environment\/environment\.yaml$/;

function resourceFindings(sources: Sources, { path }: Reference): Finding[] {
  const source = sources.source(path);
  if (source === undefined || source.problem) return [];
  const [first, second] = source.documents;
  if (first === undefined || second !== undefined) {
    return [
      {
        rule: "layout-one-object",
        severity: "error",
        message: `"${path}" holds ${source.documents.length} objects instead of one`,
        help: first ? "Give each object a file of its own" : "Write the object, or remove the file",
        place: second?.placeOf([]) ?? { file: path, line: 1 },
      },
    ];
  }
  const kind = text(valueAt(first.value, ["kind"]));
  if (kind === undefined || environmentFile.test(path)) return [];
  const expected = kebabCase(kind);
  // The Applications of apps/<env> are named after their apps; check `argo` compares.
  if (kind === "Application" && path.startsWith("apps/")) return [];
  if (new RegExp(`^${expected}(-[a-z0-9-]+)?\\.yaml$`).test(baseName(path))) return [];
  return [
    {
      rule: "layout-file-name",
      severity: "error",
      message: `"${path}" holds a ${kind}, and its name does not say so`,
      help: `Name it "${expected}.yaml", or "${expected}-<which>.yaml" where there are several`,
      place: first.placeOf(["kind"]),
    },
  ];
}

function patchName({ path, place }: Reference): Finding[] {
  if (/^patch-[a-z0-9-]+\.yaml$/.test(baseName(path))) return [];
  return [
    {
      rule: "layout-file-name",
      severity: "error",
      message: `"${path}" is a patch, and its name does not say so`,
      help: 'Name it after its concern, such as "patch-resources.yaml"',
      place,
    },
  ];
}

function kustomizationName({ file }: Kustomization): Finding[] {
  const [usual] = kustomizationNames;
  if (baseName(file) === usual) return [];
  return [
    {
      rule: "layout-file-name",
      severity: "error",
      message: `"${file}" is a kustomization under a name that nobody looks for`,
      help: `Name it "${usual}"`,
      place: { file, line: 1 },
    },
  ];
}
