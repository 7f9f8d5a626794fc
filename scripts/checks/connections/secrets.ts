import type { Path, Resource } from "../../fleet/resource.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";
import { at, didYouMean } from "./sentences.ts";

/** A Secret as git knows it: its keys, and the values of those that are not sealed. */
export type KnownSecret = {
  readonly name: string;
  readonly resource: Resource;
  readonly labels: Readonly<Record<string, unknown>>;
  /** Each key with its value; undefined where that is sealed. */
  readonly keys: ReadonlyMap<string, string | undefined>;
  /** Where a key stands. */
  readonly pathOf: (key: string) => Path;
};

/** The Secrets that SealedSecrets of one target unfold to, by name. */
export function secretsOf(resources: readonly Resource[]): ReadonlyMap<string, KnownSecret> {
  return new Map(
    resources
      .filter(({ manifest }) => manifest.kind === "SealedSecret")
      .map((resource) => [resource.manifest.metadata.name, knownSecret(resource)]),
  );
}

function knownSecret(resource: Resource): KnownSecret {
  const { metadata, spec } = resource.manifest;
  const template = mapping(valueAt(spec, ["template", "data"]));
  const sealed = Object.keys(mapping(mapping(spec).encryptedData));
  return {
    name: metadata.name,
    resource,
    labels: mapping(valueAt(spec, ["template", "metadata", "labels"])),
    keys: new Map([
      ...sealed.map((key) => [key, undefined] as const),
      ...Object.entries(template).map(([key, value]) => [key, text(value)] as const),
    ]),
    pathOf: (key) =>
      Object.hasOwn(template, key)
        ? ["spec", "template", "data", key]
        : ["spec", "encryptedData", key],
  };
}

/** A field that names a Secret, or one of its keys. */
type Reference = {
  readonly resource: Resource;
  /** The mapping that has both names. */
  readonly path: Path;
  readonly nameField: string;
  /** The keys it needs, each with the field that says so. */
  readonly keys: readonly { readonly key: string; readonly field: Path }[];
};

/** References to Secrets that no SealedSecret makes, and to keys that they do not have. */
export function secretFindings(
  resources: readonly Resource[],
  secrets: ReadonlyMap<string, KnownSecret>,
): Finding[] {
  return resources.flatMap(referencesOf).flatMap(({ resource, path, nameField, keys }) => {
    const name = text(valueAt(resource.manifest, [...path, nameField])) ?? "";
    const secret = secrets.get(name);
    if (secret === undefined) {
      const near = nearest(name, secrets.keys());
      const place = secrets.get(near ?? "")?.resource.placeOf(["metadata", "name"]);
      return [
        findingAt(resource, [...path, nameField], {
          rule: "secret-unknown",
          message: `No SealedSecret makes the Secret "${name}"${didYouMean(near, place)}`,
          help: "Name a Secret that there is, or declare it in the app's secrets.yaml and seal it",
        }),
      ];
    }
    return keys
      .filter(({ key }) => !secret.keys.has(key))
      .map(({ key, field }) =>
        findingAt(resource, field, {
          rule: "secret-key-unknown",
          message: `The Secret "${name}" (${at(secret.resource.placeOf(["spec"]))}) has no key "${key}"${didYouMean(nearest(key, secret.keys.keys()))}`,
          help: `Its keys are ${[...secret.keys.keys()].sort().join(", ")}: name one of them, or add the key to the app's secrets.yaml`,
        }),
      );
  });
}

function referencesOf(resource: Resource): Reference[] {
  const { kind, apiVersion, spec } = resource.manifest;
  if (kind === "TriggerAuthentication") {
    return list(mapping(spec).secretTargetRef).map((_, index) =>
      keyed(resource, ["spec", "secretTargetRef", index]),
    );
  }
  if (kind === "User" && apiVersion.startsWith("rabbitmq.com/")) {
    return withKeys(resource, ["spec", "importCredentialsSecret"], ["username", "password"]);
  }
  if (kind === "Cluster" && apiVersion.startsWith("postgresql.cnpg.io/")) {
    const path = ["spec", "bootstrap", "initdb", "secret"];
    return withKeys(resource, path, ["username", "password"]);
  }
  return environmentReferences(resource);
}

/** What an object needs of a Secret without naming the keys. */
function withKeys(resource: Resource, path: Path, keys: readonly string[]): Reference[] {
  if (valueAt(resource.manifest, path) === undefined) return [];
  const field = [...path, "name"];
  return [{ resource, path, nameField: "name", keys: keys.map((key) => ({ key, field })) }];
}

function keyed(resource: Resource, path: Path): Reference {
  const key = text(valueAt(resource.manifest, [...path, "key"])) ?? "";
  return { resource, path, nameField: "name", keys: [{ key, field: [...path, "key"] }] };
}

/** `secretKeyRef` wherever a pod template has one. What is optional may be missing. */
function environmentReferences(resource: Resource): Reference[] {
  return pathsOf(resource.manifest.spec, "secretKeyRef", ["spec"])
    .filter((path) => valueAt(resource.manifest, [...path, "optional"]) !== true)
    .map((path) => keyed(resource, path));
}

/** The paths of every value under a key of this name. */
function pathsOf(value: unknown, name: string, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, child]) =>
    key === name ? [[...path, key]] : pathsOf(child, name, [...path, key]),
  );
}
