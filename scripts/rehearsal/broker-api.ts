import { createServer, type IncomingMessage } from "node:http";
import type { Manifest } from "../fleet/resource.ts";
import type { Cluster, LiveObject } from "./cluster.ts";
import type { Services } from "./services.ts";
import { freePorts } from "./workspace.ts";

/** The management API of every simulated broker. */
export type BrokerApi = {
  /** Answers for the brokers among these manifests from now on. */
  readonly answerFor: (manifests: readonly Manifest[]) => void;
  readonly close: () => void;
};

const API = "rabbitmq.com/v1beta1";
const MANAGEMENT = 15672;

/**
 * Tells KEDA the length of queues in brokers that are only simulated: they are empty. Like RabbitMQ it
 * knows the queues that are declared and the users with their passwords, and no others.
 */
export async function serveBrokerApi(cluster: Cluster, services: Services): Promise<BrokerApi> {
  const [port = 0] = await freePorts(1);
  const led = new Set<string>();
  const server = createServer((request, response) => {
    answer(cluster, request)
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      })
      .catch((error: Error) => response.writeHead(500).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    answerFor(manifests) {
      for (const { kind, metadata } of manifests) {
        const service = `${metadata.name}.${metadata.namespace}.svc:${MANAGEMENT}`;
        // Once: somebody may have led it to a real broker since
        if (kind !== "RabbitmqCluster" || led.has(service)) continue;
        led.add(service);
        services.lead(service, port);
      }
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Answer = { readonly status: number; readonly body: object };

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
