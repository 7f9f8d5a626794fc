import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { SlipwayError } from "../errors.ts";
import type { RabbitMq } from "./rabbitmq.ts";

type Manifest = {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly name?: string;
    readonly vhost?: string;
    readonly tags?: readonly string[];
    readonly userReference?: { readonly name: string };
    readonly importCredentialsSecret?: { readonly name: string };
  };
};

/** The password in a Secret that a User imports. */
type Passwords = (secret: string) => string | Promise<string>;

/**
 * Declares what the manifests of a folder declare, as the topology operator does: in this order, by the
 * management API. The administrator is untouched.
 */
export async function declareTopology(
  rabbitmq: RabbitMq,
  folder: string,
  passwordIn: Passwords,
): Promise<void> {
  const manifests = globSync(join(folder, "{vhost,{queue,policy,user,permission}-*}.yaml"))
    .sort()
    .map((file) => load(readFileSync(file, "utf8")) as Manifest);
  for (const kind of ["Vhost", "Queue", "Policy", "User", "Permission"]) {
    const ofKind = manifests.filter((manifest) => manifest.kind === kind);
    if (ofKind.length === 0) throw new SlipwayError(`"${folder}" declares no ${kind}`);
    for (const manifest of ofKind) {
      const secret = manifest.spec.importCredentialsSecret?.name;
      const password = secret === undefined ? "" : await passwordIn(secret);
      const { path, body } = requestFor(manifest, password);
      const answer = await rabbitmq.manage("PUT", path, body);
      if (!answer.ok) {
        throw new SlipwayError(
          `RabbitMQ refuses ${kind} "${manifest.metadata.name}": ${await answer.text()}`,
        );
      }
    }
  }
}

function requestFor({ kind, metadata, spec }: Manifest, password: string) {
  const { name = metadata.name, vhost = "/" } = spec;
  const place = encodeURIComponent(vhost);
  switch (kind) {
    case "Vhost":
      return {
        path: `/vhosts/${encodeURIComponent(name)}`,
        body: { default_queue_type: spec.defaultQueueType },
      };
    case "Queue":
      return {
        path: `/queues/${place}/${name}`,
        body: { durable: spec.durable, arguments: { "x-queue-type": spec.type } },
      };
    case "Policy":
      return {
        path: `/policies/${place}/${name}`,
        body: {
          pattern: spec.pattern,
          // Older brokers do not know quorum queues by themselves
          "apply-to": spec.applyTo === "quorum_queues" ? "queues" : spec.applyTo,
          definition: spec.definition,
          priority: spec.priority ?? 0,
        },
      };
    case "User":
      return { path: `/users/${name}`, body: { password, tags: (spec.tags ?? []).join(",") } };
    default:
      return {
        path: `/permissions/${place}/${spec.userReference?.name}`,
        body: spec.permissions,
      };
  }
}
