import type { Manifest } from "../../fleet/resource.ts";
import { groupOf } from "../../fleet/scope.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import { fileMatches, isDenial, patternMatches } from "./glob.ts";

// Whether an AppProject allows something, by the rules of Argo CD 3.5 (app_project_types.go).

/** Whether Applications of a project may render from a repository. */
export function isSourcePermitted(project: Manifest, repository: string): boolean {
  const url = normalise(repository);
  let isAllowed = false;
  for (const pattern of texts(valueAt(project, ["spec", "sourceRepos"]))) {
    const normalised = isDenial(pattern) ? `!${normalise(pattern.slice(1))}` : normalise(pattern);
    const isMatch = patternMatches(normalised, url, "/");
    if (!isMatch && isDenial(normalised)) return false;
    if (isMatch) isAllowed = true;
  }
  return isAllowed;
}

export type Destination = {
  readonly server?: string;
  readonly name?: string;
  readonly namespace: string;
};

/** Whether Applications of a project may write to a namespace of a cluster. */
export function isDestinationPermitted(project: Manifest, destination: Destination): boolean {
  let isAllowed = false;
  for (const entry of list(valueAt(project, ["spec", "destinations"]))) {
    const server = text(mapping(entry).server) ?? "";
    const name = text(mapping(entry).name) ?? "";
    const namespace = text(mapping(entry).namespace) ?? "";
    const isName = destination.name ? patternMatches(name, destination.name) : false;
    const isServer = destination.server ? patternMatches(server, destination.server) : false;
    const isNamespace = patternMatches(namespace, destination.namespace);
    if ((isServer || isName) && isNamespace) isAllowed = true;
    else if (!isName && isDenial(name)) return false;
    else if (!isServer && isDenial(server) && isNamespace) return false;
    else if (!isNamespace && isDenial(namespace) && isServer) return false;
  }
  return isAllowed;
}

/** Whether Applications of a project may have objects of a kind. */
export function isKindPermitted(
  project: Manifest,
  manifest: Manifest,
  isClusterScoped: boolean,
): boolean {
  const scope = isClusterScoped ? "cluster" : "namespace";
  const allowed = valueAt(project, ["spec", `${scope}ResourceWhitelist`]);
  const forbidden = valueAt(project, ["spec", `${scope}ResourceBlacklist`]);
  // Without a list every namespaced kind is allowed and no cluster-scoped one.
  const isAllowed =
    allowed === undefined || allowed === null ? !isClusterScoped : isListed(allowed, manifest);
  return isAllowed && !isListed(forbidden, manifest);
}

/** Whether a project allows a cluster-scoped kind, but only objects with certain names. */
export function isKindNamed(project: Manifest, manifest: Manifest): boolean {
  return list(valueAt(project, ["spec", "clusterResourceWhitelist"])).some(
    (entry) => isOfKind(entry, manifest) && nameIn(entry) !== "",
  );
}

function isListed(entries: unknown, manifest: Manifest): boolean {
  return list(entries).some((entry) => {
    const name = nameIn(entry);
    return isOfKind(entry, manifest) && (name === "" || fileMatches(name, manifest.metadata.name));
  });
}

function isOfKind(entry: unknown, manifest: Manifest): boolean {
  const { group, kind } = mapping(entry);
  return (
    fileMatches(text(kind) ?? "", manifest.kind) &&
    fileMatches(text(group) ?? "", groupOf(manifest))
  );
}

function nameIn(entry: unknown): string {
  return text(mapping(entry).name) ?? "";
}

/** Two spellings of one repository are one: case, `.git`, and how SSH is written. */
function normalise(url: string): string {
  const lower = url.trim().toLowerCase();
  const ssh = /^([\w.-]+@[\w.-]+):(?!\/\/)(.*)$/.exec(lower);
  return (ssh ? `${ssh[1]}/${ssh[2]}` : lower).replace(/^ssh:\/\//, "").replace(/\.git$/, "");
}

function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === "string");
}
