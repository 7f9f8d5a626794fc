import type { Path } from "../../fleet/resource.ts";
import { isMapping, list, mapping, text } from "../../yaml/value.ts";
import type { Kustomization } from "../kustomization.ts";
import { isWritten } from "./document.ts";
import type { Subject, Writer } from "./writer.ts";

/** The fields of a kustomization that write single values, in kustomize's order. */
export function fieldWriters({ fields, document }: Kustomization): Writer[] {
  return [namespacePath, labelPath, annotationPath, replicasPath, imagePath].map(
    (find): Writer =>
      (subject, isExact) => {
        const path = isExact ? find(fields, subject) : undefined;
        return path && document.placeOf(path);
      },
  );
}

type Fields = Kustomization["fields"];

function namespacePath({ namespace }: Fields, { path, value }: Subject): Path | undefined {
  const isNamespace =
    path.at(-1) === "namespace" && ["metadata", "subjects"].includes(String(path[0]));
  return isNamespace && value === namespace ? ["namespace"] : undefined;
}

function labelPath(fields: Fields, { path, value }: Subject): Path | undefined {
  const key = String(path.at(-1));
  const owner = path.at(-2);
  const isTop = path.length === 3 && path[0] === "metadata";
  if (owner !== "labels" && owner !== "matchLabels") return undefined;
  if (mapping(fields.commonLabels)[key] === value) return ["commonLabels", key];
  const index = list(fields.labels).findLastIndex((entry) => {
    const { pairs, includeSelectors, includeTemplates } = mapping(entry);
    const reaches =
      isTop || includeSelectors === true || (includeTemplates === true && owner === "labels");
    return reaches && isWritten(mapping(pairs)[key], value);
  });
  return index < 0 ? undefined : ["labels", index, "pairs", key];
}

function annotationPath(fields: Fields, { path, value }: Subject): Path | undefined {
  const key = String(path.at(-1));
  const isOwn = path.at(-2) === "annotations" && mapping(fields.commonAnnotations)[key] === value;
  return isOwn ? ["commonAnnotations", key] : undefined;
}

function replicasPath({ replicas }: Fields, { birth, path, value }: Subject): Path | undefined {
  if (path.join("/") !== "spec/replicas") return undefined;
  const index = list(replicas).findLastIndex(
    (entry) => mapping(entry).name === birth.name && mapping(entry).count === value,
  );
  return index < 0 ? undefined : ["replicas", index, "count"];
}

/** The registry may have been replaced after the tag was set: the tag is what a release decides. */
function imagePath({ images }: Fields, { path, value }: Subject): Path | undefined {
  if (typeof value !== "string" || !/image/i.test(String(path.at(-1)))) return undefined;
  for (const [index, entry] of [...list(images).entries()].reverse()) {
    const { name, newName = name, newTag, digest } = isMapping(entry) ? entry : {};
    if (lastName(text(newName) ?? "") !== lastName(value.replace(/(:[^:/@]+)?(@.*)?$/, "")))
      continue;
    if (digest !== undefined && value.endsWith(`@${digest}`)) return ["images", index, "digest"];
    if (newTag !== undefined && value.endsWith(`:${newTag}`)) return ["images", index, "newTag"];
    const isRenamed = newTag === undefined && digest === undefined && newName !== name;
    if (isRenamed && value.startsWith(String(newName))) return ["images", index, "newName"];
  }
  return undefined;
}

function lastName(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}
