import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { serverPackages } from "../../scripts/pipelines/packages.ts";
import { prepareRabbitMq, type RabbitMq } from "../../scripts/pipelines/rabbitmq.ts";
import { startServer, stopServer } from "../../scripts/pipelines/server.ts";
import { declareTopology } from "../../scripts/pipelines/topology.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";
import { openWorkspace, type Workspace } from "../../scripts/rehearsal/workspace.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { queues } from "./client.ts";

let workspace: Workspace;
let rabbitmq: RabbitMq;
beforeAll(async () => {
  workspace = await openWorkspace();
  rabbitmq = await prepareRabbitMq(workspace, await serverPackages());
  await startServer(workspace, rabbitmq);
  await declareTopology(rabbitmq, "base/ml-inference", (secret) => `password of ${secret}`);
});
afterAll(() => workspace.close());

/** Asks the management API as a user. */
function askAs(user: string, method: string, path: string, body?: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${rabbitmq.management}/api${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${user}:password of rabbitmq-${user}`)}` },
    ...(body && { body: JSON.stringify(body) }),
  });
}

test("every queue is a durable quorum queue, and what it rejects has a place to go", async () => {
  const policies = async () => {
    const found = await (await rabbitmq.manage("GET", "/queues")).json();
    return (found as Queue[]).map(({ name, type, durable, ...queue }) => ({
      ...{ name, type, durable, policy: queue.policy },
      letters: queue.effective_policy_definition?.["dead-letter-routing-key"],
    }));
  };
  const expected = queues.map((name) => {
    const isLast = name.endsWith(".dlq");
    return {
      ...{ name, type: "quorum", durable: true },
      policy: isLast ? "dead-letters" : name.replace("_", "-"),
      letters: isLast ? undefined : `${name}.dlq`,
    };
  });
  await vi.waitFor(async () => expect(await policies()).toEqual(expected), 30_000);
});

type Queue = Readonly<Record<"name" | "type" | "durable" | "policy", unknown>> & {
  readonly effective_policy_definition?: Readonly<Record<string, unknown>>;
};

test("KEDA reads lengths, and can neither change a queue nor take or send a message", async () => {
  const path = "/queues/%2F/inference_requests";
  await waitFor("the lengths to be told", 30, async () => {
    const told = await (await askAs("keda", "GET", path)).json();
    return told.messages === 0 && told.messages_unacknowledged === 0;
  });
  const message = { routing_key: "inference_requests", payload: "x", payload_encoding: "string" };
  const sent = await askAs("keda", "POST", "/exchanges/%2F/amq.default/publish", {
    ...message,
    properties: {},
  });
  const deleted = await askAs("keda", "DELETE", path);
  expect([sent.ok, deleted.ok]).toEqual([false, false]);
  expect((await rabbitmq.manage("GET", path)).status).toBe(200);
});

test.each(["api-gateway", "ml-worker", "results-collector"])(
  "%s cannot use the management API",
  async (user) => {
    expect((await askAs(user, "GET", "/overview")).status).toBe(401);
  },
);

test.each([
  ["api-gateway", "take requests", { input: "inference_requests" }],
  ["api-gateway", "take results", { input: "inference_results" }],
  ["ml-worker", "take results", { input: "inference_results" }],
  ["results-collector", "take requests", { input: "inference_requests" }],
  ["results-collector", "send anything", { output: "inference_requests" }],
] as const)("%s cannot %s", async (user, what, ends) => {
  const name = `${user} that tries to ${what}`.replaceAll(" ", "-");
  const resource = "input" in ends ? `queue '${ends.input}'` : "exchange 'amq.default'";
  const refusal = `access to ${resource} in vhost '/' refused for user '${user}'`;
  const urls = [rabbitmq.url(user, encodeURIComponent(`password of rabbitmq-${user}`))];
  const pipeline = {
    http: { enabled: false },
    // It would keep trying
    shutdown_timeout: "1s",
    input:
      "input" in ends
        ? { amqp_0_9: { urls, queue: ends.input } }
        : { generate: { count: 1, mapping: 'root = "x"' } },
    output:
      "output" in ends ? { amqp_0_9: { urls, exchange: "", key: ends.output } } : { drop: {} },
  };
  const file = workspace.write(`${name}.json`, JSON.stringify(pipeline));
  const client = {
    name,
    command: { file: await tool("bento"), args: ["-c", file], env: {} },
    isReady: async () => workspace.log(rabbitmq.name).includes(refusal),
  };
  await startServer(workspace, client);
  await stopServer(workspace, client);
});
