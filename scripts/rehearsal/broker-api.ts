import type { IncomingMessage } from "node:http";
import type { Manifest } from "../fleet/resource.ts";
import type { Cluster, LiveObject } from "./cluster.ts";
import type { Services } from "./services.ts";
import { type Answer, type SimulatedApi, serveSimulatedApi } from "./simulated-api.ts";

const API = "rabbitmq.com/v1beta1";
const MANAGEMENT = 15672;

/**
 * Tells KEDA the length of queues in brokers that are only simulated: they are empty. Like RabbitMQ it
 * knows the queues that are declared and the users with their passwords, and no others.
 */
export function serveBrokerApi(cluster: Cluster, services: Services): Promise<SimulatedApi> {
  return serveSimulatedApi(services, addressesOf, (request) => answer(cluster, request));
}

/** The management ports of brokers, as `rabbitmq.ml-inference.svc:15672`. */
function addressesOf(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ kind }) => kind === "RabbitmqCluster")
    .map(({ metadata }) => `${metadata.name}.${metadata.namespace}.svc:${MANAGEMENT}`);
}

/** Answers `GET /api/queues/<vhost>/<queue>` of the broker that the Host header names. */
async function answer(cluster: Cluster, { headers, url }: IncomingMessage): Promise<Answer> {
  const [broker, namespace] = (headers.host ?? "").split(".");
  const [, vhost, name] = /^\/api\/queues\/([^/]+)\/([^/]+)$/.exec(url ?? "") ?? [];
  const ofBroker = async (kind: string) =>
    (await cluster.list(API, kind, namespace)).filter(
      ({ spec }) => spec.rabbitmqClusterReference?.name === broker,
    );
  if (!(await isUser(cluster, await ofBroker("User"), headers.authorization))) {
    return { status: 401, body: { error: "not_authorized", reason: "Not_Authorized" } };
  }
  const isDeclared = (await ofBroker("Queue")).some(
    ({ spec }) => spec.name === name && (spec.vhost ?? "/") === decodeURIComponent(vhost ?? ""),
  );
  if (!isDeclared) {
    return { status: 404, body: { error: "Object Not Found", reason: "Not Found" } };
  }
  const none = { messages: 0, messages_ready: 0, messages_unacknowledged: 0 };
  return { status: 200, body: { name, ...none } };
}

/** Whether Basic authentication has the credentials that a User imports. */
async function isUser(
  cluster: Cluster,
  users: readonly LiveObject[],
  authorization = "",
): Promise<boolean> {
  const given = Buffer.from(authorization.replace(/^Basic /, ""), "base64").toString();
  for (const { metadata, spec } of users) {
    const { name = "" } = spec.importCredentialsSecret ?? {};
    const secret = await cluster.find("v1", "Secret", name, metadata.namespace);
    const text = (key: string) => Buffer.from(secret?.data?.[key] ?? "", "base64").toString();
    if (secret !== undefined && given === `${text("username")}:${text("password")}`) return true;
  }
  return false;
}
