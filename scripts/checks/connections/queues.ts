import { type Resource, resourceId } from "../../fleet/resource.ts";
import type { Place } from "../../yaml/place.ts";
import { text } from "../../yaml/value.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";
import { readAddress } from "./addresses.ts";
import { type Brokers, matches, type Policy, type Queue } from "./broker.ts";
import type { QueueUse } from "./pipelines.ts";
import { at, didYouMean } from "./sentences.ts";

/** Queues that pipelines and policies name and nothing declares, or that a user may not use. */
export function queueFindings(brokers: Brokers, uses: readonly QueueUse[]): Finding[] {
  return [
    ...uses.flatMap((use) => useFindings(brokers, use)),
    ...brokers.policies.flatMap((policy) => policyFindings(brokers, policy)),
    ...vhostFindings(brokers),
  ];
}

/** Where the name of a queue stands. */
export function placeOfQueue({ resource }: Queue): Place {
  return resource.placeOf(["spec", "name"]);
}

/** The declared queue of a name; what was probably meant where there is none. */
export function findQueue(
  brokers: Brokers,
  vhost: string,
  name: string,
): { readonly queue: Queue | undefined; readonly hint: string } {
  const inVhost = brokers.queues.filter((queue) => queue.vhost === vhost);
  const queue = inVhost.find((one) => one.name === name);
  const near = nearest(
    name,
    inVhost.map((one) => one.name),
  );
  const meant = inVhost.find((one) => one.name === near);
  return { queue, hint: didYouMean(near, meant && placeOfQueue(meant)) };
}

function useFindings(brokers: Brokers, use: QueueUse): Finding[] {
  const { verb, queue: name, place, key } = use;
  const address = use.url === undefined ? undefined : readAddress(use.url);
  const vhost = address?.vhost ?? "/";
  const { queue, hint } = findQueue(brokers, vhost, name);
  if (queue === undefined) {
    return [
      findingOf(use, place, {
        rule: "queue-undeclared",
        message: `"${key}" ${verb} "${name}", which no Queue declares in the virtual host "${vhost}"${hint}`,
        help: "Name a queue that there is, or declare it by a Queue of the app's base",
      }),
    ];
  }
  return [
    ...(verb === "consumes" && !hasDeadLetters(brokers, queue)
      ? [withoutDeadLetters(queue, use)]
      : []),
    ...(address === undefined ? [] : rightFindings(brokers, use, queue, address.username)),
  ];
}

function hasDeadLetters({ policies }: Brokers, { vhost, name }: Queue): boolean {
  return policies.some(
    (policy) =>
      policy.vhost === vhost &&
      matches(policy.pattern, name) &&
      policy.definition["dead-letter-exchange"] !== undefined,
  );
}

function withoutDeadLetters({ resource, name }: Queue, use: QueueUse): Finding {
  return findingAt(resource, ["spec", "name"], {
    rule: "queue-without-dead-letters",
    message: `No Policy gives "${name}" dead letters, and what "${use.key}" (${at(use.place)}) rejects is lost`,
    help: "Let the pattern of a Policy with a dead-letter-exchange match the queue",
  });
}

/** Whether the user whom the broker's address names may do what the pipeline does. */
function rightFindings(brokers: Brokers, use: QueueUse, queue: Queue, username: string): Finding[] {
  const user = brokers.users.find((one) => one.username === username);
  // The address has a finding of its own
  if (user === undefined) return [];
  const permission = brokers.permissions.find(
    (one) => one.vhost === queue.vhost && one.username === username,
  );
  // Publishing to a queue by its name is writing to the default exchange, which is called amq.default
  const [right, target] =
    use.verb === "consumes" ? (["read", queue.name] as const) : (["write", "amq.default"] as const);
  if (permission !== undefined && matches(permission[right], target)) return [];
  // A Permission whose user is misspelt has a finding of its own
  if (permission === undefined && brokers.permissions.some((one) => one.user === undefined)) {
    return [];
  }
  const where = permission?.resource.placeOf(["spec", "permissions", right]);
  return [
    findingOf(use, use.place, {
      rule: "queue-permission",
      message:
        where === undefined
          ? `"${use.key}" ${use.verb} "${queue.name}" (${at(placeOfQueue(queue))}) as "${username}", who has no Permission in "${queue.vhost}"`
          : `"${use.key}" ${use.verb} "${queue.name}" (${at(placeOfQueue(queue))}) as "${username}", whose Permission (${at(where)}) lets it ${right} only "${permission?.[right]}"`,
      help: `Let ${right} of a Permission of "${username}" match "${target}"`,
    }),
  ];
}

function policyFindings(brokers: Brokers, policy: Policy): Finding[] {
  const { resource, vhost, pattern, definition, applyTo } = policy;
  const inVhost = brokers.queues.filter((queue) => queue.vhost === vhost);
  const matched = inVhost.filter(({ name }) => matches(pattern, name));
  const [queue] = inVhost;
  const target = text(definition["dead-letter-routing-key"]);
  const { queue: deadLetters, hint } = findQueue(brokers, vhost, target ?? "");
  const ofOtherType = matched.find(({ type }) => applyTo === "quorum_queues" && type !== "quorum");
  return [
    ...(matched.length === 0 && queue !== undefined && /queues|all/.test(applyTo)
      ? [
          findingAt(resource, ["spec", "pattern"], {
            rule: "queue-policy-idle",
            message: `The pattern "${pattern}" matches no Queue of "${vhost}"${hintByPattern(pattern, inVhost)}`,
            help: "Let it match the queue that it was made for, or remove the Policy",
          }),
        ]
      : []),
    ...(target !== undefined &&
    definition["dead-letter-exchange"] === "" &&
    deadLetters === undefined
      ? [
          findingAt(resource, ["spec", "definition", "dead-letter-routing-key"], {
            rule: "queue-undeclared",
            message: `Dead letters go to "${target}", which no Queue declares in the virtual host "${vhost}"${hint}`,
            help: "Name a queue that there is, or declare it by a Queue of the app's base",
          }),
        ]
      : []),
    ...(ofOtherType === undefined
      ? []
      : [
          findingAt(resource, ["spec", "applyTo"], {
            rule: "queue-policy-type",
            message: `The Policy applies to quorum queues, and "${ofOtherType.name}" (${at(placeOfQueue(ofOtherType))}) is none`,
            help: "Set `type: quorum` of the Queue",
          }),
        ]),
  ];
}

/** `^inference_request$` was probably meant for `inference_requests`. */
function hintByPattern(pattern: string, queues: readonly Queue[]): string {
  const plain = pattern.replace(/[\^$\\]/g, "");
  const near = nearest(
    plain,
    queues.map(({ name }) => name),
  );
  const meant = queues.find(({ name }) => name === near);
  return didYouMean(near, meant && placeOfQueue(meant));
}

/** A virtual host other than the broker's own has to be declared. */
function vhostFindings({ vhosts, queues, permissions, policies }: Brokers): Finding[] {
  const known = new Map(
    vhosts.map((one) => [text((one.manifest.spec as { name?: unknown }).name) ?? "", one]),
  );
  return [...queues, ...permissions, ...policies]
    .filter(({ vhost }) => vhost !== "/" && !known.has(vhost))
    .map(({ resource, vhost }) => {
      const near = nearest(vhost, ["/", ...known.keys()]);
      const place = near === undefined ? undefined : known.get(near)?.placeOf(["spec", "name"]);
      return findingAt(resource, ["spec", "vhost"], {
        rule: "vhost-undeclared",
        message: `${resourceId(resource.manifest)} is in the virtual host "${vhost}", which no Vhost declares${didYouMean(near, place)}`,
        help: "Name a virtual host that there is, or declare it by a Vhost of the app's base",
      });
    });
}

function findingOf(
  use: QueueUse,
  place: Place,
  told: Pick<Finding, "rule" | "message"> & { readonly help: string },
): Finding {
  const resource: Resource = use.configMap;
  return { ...findingAt(resource, ["data", use.key], told), place, path: use.path };
}
