import type { Path, Resource } from "../../fleet/resource.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import type { KnownSecret } from "./secrets.ts";

/** What the manifests of one target declare inside their brokers. */
export type Brokers = {
  readonly clusters: ReadonlyMap<string, Resource>;
  readonly vhosts: readonly Resource[];
  readonly queues: readonly Queue[];
  readonly policies: readonly Policy[];
  readonly users: readonly User[];
  readonly permissions: readonly Permission[];
};

export type Queue = {
  readonly resource: Resource;
  readonly name: string;
  readonly vhost: string;
  readonly type: string | undefined;
};

export type Policy = {
  readonly resource: Resource;
  readonly vhost: string;
  readonly pattern: string;
  readonly applyTo: string;
  readonly definition: Readonly<Record<string, unknown>>;
};

export type User = {
  readonly resource: Resource;
  /** What it signs in as; undefined where the operator makes that up. */
  readonly username: string | undefined;
  readonly credentials: KnownSecret | undefined;
  readonly tags: readonly unknown[];
};

export type Permission = {
  readonly resource: Resource;
  readonly vhost: string;
  readonly path: Path;
  /** What it says about whom: the name of a User, or a username. */
  readonly whom: string;
  readonly user: User | undefined;
  readonly username: string | undefined;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
};

/** Where queues, users and permissions are that name no virtual host. */
const defaultVhost = "/";

/** Reads the objects of RabbitMQ's two operators. */
export function brokersOf(
  resources: readonly Resource[],
  secrets: ReadonlyMap<string, KnownSecret>,
): Brokers {
  const of = (kind: string) =>
    resources.filter(
      ({ manifest }) => manifest.kind === kind && manifest.apiVersion.startsWith("rabbitmq.com/"),
    );
  const users = of("User").map((resource) => userOf(resource, secrets));
  return {
    clusters: new Map(of("RabbitmqCluster").map((one) => [one.manifest.metadata.name, one])),
    vhosts: of("Vhost"),
    queues: of("Queue").map(queueOf),
    policies: of("Policy").map(policyOf),
    users,
    permissions: of("Permission").map((resource) => permissionOf(resource, users)),
  };
}

function queueOf(resource: Resource): Queue {
  const { name, vhost, type } = mapping(resource.manifest.spec);
  return {
    resource,
    name: text(name) ?? "",
    vhost: text(vhost) ?? defaultVhost,
    type: text(type),
  };
}

function policyOf(resource: Resource): Policy {
  const { vhost, pattern, applyTo, definition } = mapping(resource.manifest.spec);
  return {
    resource,
    vhost: text(vhost) ?? defaultVhost,
    pattern: text(pattern) ?? "",
    applyTo: text(applyTo) ?? "all",
    definition: mapping(definition),
  };
}

function userOf(resource: Resource, secrets: ReadonlyMap<string, KnownSecret>): User {
  const { importCredentialsSecret, tags } = mapping(resource.manifest.spec);
  const credentials = secrets.get(text(mapping(importCredentialsSecret).name) ?? "");
  return {
    resource,
    username: credentials?.keys.get("username"),
    credentials,
    tags: list(tags),
  };
}

function permissionOf(resource: Resource, users: readonly User[]): Permission {
  const { vhost, user, permissions } = mapping(resource.manifest.spec);
  const reference = text(valueAt(resource.manifest.spec, ["userReference", "name"]));
  const referenced = users.find(({ resource }) => resource.manifest.metadata.name === reference);
  const named = users.find(({ username }) => username !== undefined && username === user);
  const regex = (field: string) => text(mapping(permissions)[field]) ?? "";
  return {
    resource,
    vhost: text(vhost) ?? defaultVhost,
    path: reference === undefined ? ["spec", "user"] : ["spec", "userReference", "name"],
    whom: reference ?? text(user) ?? "",
    user: referenced ?? named,
    username: reference === undefined ? text(user) : referenced?.username,
    configure: regex("configure"),
    write: regex("write"),
    read: regex("read"),
  };
}

/** Whether a pattern of RabbitMQ finds something in a name. An empty permission finds only an empty name. */
export function matches(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}
