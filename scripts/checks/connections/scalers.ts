import { type Path, type Resource, resourceId } from "../../fleet/resource.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";
import type { Brokers } from "./broker.ts";
import type { QueueUse } from "./pipelines.ts";
import { findQueue, placeOfQueue } from "./queues.ts";
import type { KnownSecret } from "./secrets.ts";
import { at, didYouMean } from "./sentences.ts";

/** KEDA's triggers that ask a broker for a queue's length. */
export function scalerFindings(
  resources: readonly Resource[],
  secrets: ReadonlyMap<string, KnownSecret>,
  brokers: Brokers,
  uses: readonly QueueUse[],
): Finding[] {
  const authentications = new Map(
    resources
      .filter(({ manifest }) => manifest.kind === "TriggerAuthentication")
      .map((resource) => [resource.manifest.metadata.name, resource]),
  );
  return resources
    .filter(({ manifest }) => /^Scaled(Object|Job)$/.test(manifest.kind))
    .flatMap((resource) =>
      list(mapping(resource.manifest.spec).triggers).flatMap((trigger, index) => {
        if (mapping(trigger).type !== "rabbitmq") return [];
        const path: Path = ["spec", "triggers", index];
        return [
          ...queueFindings(resource, path, brokers, uses),
          ...hostFindings(resource, path, brokers),
          ...signInFindings(resource, path, authentications, secrets, brokers),
        ];
      }),
    );
}

function queueFindings(
  resource: Resource,
  trigger: Path,
  brokers: Brokers,
  uses: readonly QueueUse[],
): Finding[] {
  const metadata = mapping(valueAt(resource.manifest, [...trigger, "metadata"]));
  const path = [...trigger, "metadata", "queueName"];
  const name = text(metadata.queueName) ?? "";
  const vhost = text(metadata.vhostName) ?? "/";
  const { queue, hint } = findQueue(brokers, vhost, name);
  if (queue === undefined) {
    return [
      findingAt(resource, path, {
        rule: "queue-undeclared",
        message: `The scaler asks for "${name}", which no Queue declares in the virtual host "${vhost}"${hint}`,
        help: "Name a queue that there is, or declare it by a Queue of the app's base",
      }),
    ];
  }
  const target = text(valueAt(resource.manifest, ["spec", "scaleTargetRef", "name"]));
  const consumed = uses.filter(
    ({ verb, program }) =>
      verb === "consumes" && program.resource.manifest.metadata.name === target,
  );
  // A program that is no pipeline may consume anything, and a queue that nobody declares is told already
  const [other] = consumed.filter((use) => brokers.queues.some((one) => one.name === use.queue));
  if (other === undefined || consumed.some((use) => use.queue === name)) return [];
  return [
    findingAt(resource, path, {
      rule: "scaler-other-queue",
      message: `"${target}" is scaled by "${name}" (${at(placeOfQueue(queue))}), and it consumes "${other.queue}" (${at(other.place)})`,
      help: "Scale a program by the queue that it consumes",
    }),
  ];
}

/** KEDA asks from its own namespace: the name of a Service alone resolves to nothing there. */
function hostFindings(resource: Resource, trigger: Path, { clusters }: Brokers): Finding[] {
  const path = [...trigger, "metadata", "host"];
  const host = text(valueAt(resource.manifest, path));
  if (host === undefined || !URL.canParse(host)) return [];
  const { namespace } = resource.manifest.metadata;
  const { hostname } = new URL(host);
  const [name = "", written] = hostname.split(".");
  const isMine = clusters.has(name) && written === namespace;
  if (isMine || clusters.size === 0) return [];
  const near = clusters.has(name)
    ? name
    : (nearest(name, clusters.keys()) ?? [...clusters.keys()][0]);
  const place = clusters.get(near ?? "")?.placeOf(["metadata", "name"]);
  return [
    findingAt(resource, path, {
      rule: "scaler-host",
      message: `The scaler asks "${hostname}", which is no broker of "${namespace}"${didYouMean(`${near}.${namespace}.svc`, place)}`,
      help: "Name the RabbitmqCluster and its namespace: KEDA asks from a namespace of its own",
    }),
  ];
}

function signInFindings(
  resource: Resource,
  trigger: Path,
  authentications: ReadonlyMap<string, Resource>,
  secrets: ReadonlyMap<string, KnownSecret>,
  { users }: Brokers,
): Finding[] {
  const path = [...trigger, "authenticationRef", "name"];
  const name = text(valueAt(resource.manifest, path));
  if (name === undefined) return [];
  const authentication = authentications.get(name);
  if (authentication === undefined) {
    const near = nearest(name, authentications.keys());
    return [
      findingAt(resource, path, {
        rule: "scaler-authentication",
        message: `No TriggerAuthentication is called "${name}"${didYouMean(near, authentications.get(near ?? "")?.placeOf(["metadata", "name"]))}`,
        help: "Name a TriggerAuthentication of the app",
      }),
    ];
  }
  const targets = list(valueAt(authentication.manifest, ["spec", "secretTargetRef"]));
  return targets.flatMap((one, index) => {
    const { parameter, name: secretName, key } = mapping(one);
    const secret = secrets.get(text(secretName) ?? "");
    if (parameter !== "username" || secret === undefined) return [];
    const username = secret.keys.get(text(key) ?? "");
    const user = users.find(({ credentials }) => credentials === secret);
    const field = ["spec", "secretTargetRef", index, "name"];
    if (user === undefined) {
      return [
        findingAt(authentication, field, {
          rule: "user-undeclared",
          message: `The scaler signs in with the Secret "${secretName}"${username === undefined ? "" : ` as "${username}"`}, which no User of the broker imports`,
          help: "Name the Secret that a User imports",
        }),
      ];
    }
    const mayAsk = user.tags.some((tag) =>
      /^(monitoring|management|administrator)$/.test(`${tag}`),
    );
    if (mayAsk) return [];
    return [
      findingAt(user.resource, ["spec", "tags"], {
        rule: "scaler-user-tag",
        message: `${resourceId(user.resource.manifest)} has no tag that opens the management API, which ${resourceId(resource.manifest)} (${at(resource.placeOf(trigger))}) asks`,
        help: "Give the User the tag monitoring",
      }),
    ];
  });
}
