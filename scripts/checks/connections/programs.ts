import { containersOf, podTemplateOf } from "../../../policies/workload.ts";
import type { Path, Resource } from "../../fleet/resource.ts";
import type { Place } from "../../yaml/place.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import type { KnownSecret } from "./secrets.ts";

/** A container with its settings. */
export type Program = {
  readonly resource: Resource;
  readonly variables: ReadonlyMap<string, Variable>;
  /** The files that ConfigMaps put into its pod. */
  readonly files: readonly MountedFile[];
};

/** A variable of a container's environment. */
export type Variable = {
  readonly name: string;
  /** Undefined where git does not know it. A part that is sealed reads `sealed`. */
  readonly value: string | undefined;
  /** Where the value is written: in the container, a ConfigMap or a Secret. */
  readonly place: Place;
  /** Where it is in the object that has it, for a finding. */
  readonly owner: Resource;
  readonly path: Path;
  readonly secret: KnownSecret | undefined;
};

type MountedFile = {
  readonly configMap: Resource;
  readonly key: string;
  readonly text: string;
};

/** What values may come from. */
type Origins = {
  readonly configMaps: ReadonlyMap<string, Resource>;
  readonly secrets: ReadonlyMap<string, KnownSecret>;
};

/** The containers of one target, each with what it is told. */
export function programsOf(
  resources: readonly Resource[],
  secrets: ReadonlyMap<string, KnownSecret>,
): readonly Program[] {
  const configMaps = new Map(
    resources
      .filter(({ manifest }) => manifest.kind === "ConfigMap")
      .map((resource) => [resource.manifest.metadata.name, resource]),
  );
  return resources.flatMap((resource) =>
    containersOf(resource).map(({ container, path }) => ({
      resource,
      variables: variablesOf(resource, container.env, [...path, "env"], { configMaps, secrets }),
      files: mountedFiles(resource, configMaps),
    })),
  );
}

function variablesOf(
  resource: Resource,
  env: unknown,
  path: Path,
  origins: Origins,
): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const [index, entry] of list(env).entries()) {
    const name = text(mapping(entry).name);
    if (name === undefined) continue;
    const at = [...path, index];
    const found = takenFrom(mapping(entry), origins);
    const owner = found?.owner ?? resource;
    const where = found?.path ?? [...at, "value"];
    variables.set(name, {
      name,
      value: found === undefined ? expand(text(mapping(entry).value), variables) : found.value,
      place: owner.placeOf(where),
      owner,
      path: where,
      secret: found?.secret,
    });
  }
  return variables;
}

type Found = Pick<Variable, "value" | "owner" | "path" | "secret">;

/** The value that a variable takes from another object; undefined where it takes none. */
function takenFrom(entry: Readonly<Record<string, unknown>>, origins: Origins): Found | undefined {
  const config = mapping(valueAt(entry, ["valueFrom", "configMapKeyRef"]));
  const configMap = origins.configMaps.get(text(config.name) ?? "");
  if (configMap !== undefined) {
    const path = ["data", text(config.key) ?? ""];
    const value = text(valueAt(configMap.manifest, path));
    return { value, owner: configMap, path, secret: undefined };
  }
  const reference = mapping(valueAt(entry, ["valueFrom", "secretKeyRef"]));
  const secret = origins.secrets.get(text(reference.name) ?? "");
  if (secret === undefined) return undefined;
  const key = text(reference.key) ?? "";
  return {
    value: secret.keys.get(key)?.replace(/\{\{[^}]*\}\}/g, "sealed"),
    owner: secret.resource,
    path: secret.pathOf(key),
    secret,
  };
}

/** Kubernetes replaces `$(NAME)` by a variable that stands before. */
function expand(
  value: string | undefined,
  variables: ReadonlyMap<string, Variable>,
): string | undefined {
  return value?.replace(/\$\(([\w.-]+)\)/g, (whole, name) => variables.get(name)?.value ?? whole);
}

function mountedFiles(
  resource: Resource,
  configMaps: ReadonlyMap<string, Resource>,
): readonly MountedFile[] {
  return list(podTemplateOf(resource)?.spec.volumes).flatMap((volume) => {
    const name = text(valueAt(volume, ["configMap", "name"]));
    const configMap = name === undefined ? undefined : configMaps.get(name);
    if (configMap === undefined) return [];
    return Object.entries(mapping(configMap.manifest.data)).flatMap(([key, value]) =>
      typeof value === "string" ? [{ configMap, key, text: value }] : [],
    );
  });
}
