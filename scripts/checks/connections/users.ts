import { resourceId } from "../../fleet/resource.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";
import type { Brokers, Permission, User } from "./broker.ts";
import { at, didYouMean } from "./sentences.ts";

/** The topology operator looks at no Secret without it. */
const importLabel = "rabbitmq.com/topology-operator";

/** Users whose credentials cannot be imported, permissions of nobody, objects of a broker that is not there. */
export function userFindings(brokers: Brokers): Finding[] {
  return [
    ...brokers.users.flatMap((user) => importFindings(user)),
    ...brokers.permissions.flatMap((permission) => permissionFindings(brokers, permission)),
    ...clusterFindings(brokers),
  ];
}

function importFindings({ resource, credentials }: User): Finding[] {
  if (credentials === undefined || credentials.labels[importLabel] === "true") return [];
  return [
    findingAt(credentials.resource, ["spec", "template", "metadata", "labels"], {
      rule: "user-secret-label",
      message: `The Secret "${credentials.name}" lacks the label "${importLabel}: true", and the topology operator does not import it for ${resourceId(resource.manifest)} (${at(resource.placeOf(["spec", "importCredentialsSecret", "name"]))})`,
      help: "Add the label in the app's secrets.yaml and seal the Secret again",
    }),
  ];
}

function permissionFindings({ users }: Brokers, permission: Permission): Finding[] {
  const { resource, whom, user, path } = permission;
  if (user !== undefined) return [];
  const isReference = path.includes("userReference");
  const names = new Map(
    users.map((one) => [
      isReference ? one.resource.manifest.metadata.name : (one.username ?? ""),
      one,
    ]),
  );
  const near = nearest(whom, names.keys());
  const place = names.get(near ?? "")?.resource.placeOf(["metadata", "name"]);
  return [
    findingAt(resource, path, {
      rule: "permission-of-nobody",
      message: `The Permission is of "${whom}", which no User declares${didYouMean(near, place)}`,
      help: "Name a User that there is, or declare it",
    }),
  ];
}

function clusterFindings({ clusters, vhosts, queues, policies, users, permissions }: Brokers) {
  const objects = [
    ...vhosts,
    ...[...queues, ...policies, ...users, ...permissions].map(({ resource }) => resource),
  ];
  return objects.flatMap((resource): Finding[] => {
    const { rabbitmqClusterReference } = resource.manifest.spec as {
      readonly rabbitmqClusterReference?: { readonly name?: string; readonly namespace?: string };
    };
    const { name, namespace } = rabbitmqClusterReference ?? {};
    // By an address in a Secret, or in another namespace: nothing here knows it
    if (name === undefined || namespace !== undefined || clusters.has(name)) return [];
    const near = nearest(name, clusters.keys());
    const place = clusters.get(near ?? "")?.placeOf(["metadata", "name"]);
    return [
      findingAt(resource, ["spec", "rabbitmqClusterReference", "name"], {
        rule: "broker-unknown",
        message: `${resourceId(resource.manifest)} belongs to the broker "${name}", which no RabbitmqCluster declares${didYouMean(near, place)}`,
        help: "Name the RabbitmqCluster of the app",
      }),
    ];
  });
}
