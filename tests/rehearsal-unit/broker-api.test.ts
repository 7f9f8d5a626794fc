import { afterEach, expect, test } from "vitest";
import { serveBrokerApi } from "../../scripts/rehearsal/broker-api.ts";
import type { SimulatedApi } from "../../scripts/rehearsal/simulated-api.ts";
import { ask } from "./ask.ts";
import { clusterOf } from "./cluster.ts";

const apiVersion = "rabbitmq.com/v1beta1";
const namespace = "systems";
const metadata = { name: "broker", namespace };
const rabbitmqClusterReference = { name: "broker" };
const broker = { apiVersion, kind: "RabbitmqCluster", metadata };

const cluster = clusterOf(
  {
    apiVersion,
    kind: "Queue",
    metadata: { ...metadata, name: "work" },
    spec: { name: "work.v1", rabbitmqClusterReference },
  },
  {
    apiVersion,
    kind: "Queue",
    metadata: { ...metadata, name: "of-another-broker" },
    spec: { name: "elsewhere", rabbitmqClusterReference: { name: "second" } },
  },
  {
    apiVersion,
    kind: "User",
    metadata: { ...metadata, name: "scaler" },
    spec: { importCredentialsSecret: { name: "credentials" }, rabbitmqClusterReference },
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...metadata, name: "credentials" },
    data: { username: btoa("scaler"), password: btoa("secret") },
  },
);

let api: SimulatedApi | undefined;
afterEach(() => api?.close());

/** Serves the API of one broker; returns a way to ask it, and what it answers for. */
async function serve() {
  const led = new Map<string, number>();
  api = await serveBrokerApi(cluster, {
    proxy: "",
    lead: (service, port) => void led.set(service, port),
    close() {},
  });
  api.answerFor([broker, { ...broker, kind: "Queue", metadata: { ...metadata, name: "work" } }]);
  const [port] = [...led.values()];
  return {
    led,
    async ask(path: string, credentials = "scaler:secret") {
      const headers = { authorization: `Basic ${btoa(credentials)}`, host: "broker.systems.svc" };
      const { status, text } = await ask(port ?? 0, path, headers);
      return { status, body: JSON.parse(text) };
    },
  };
}

test("serveBrokerApi() answers for brokers only, and for each once", async () => {
  const { led } = await serve();
  expect([...led.keys()]).toEqual(["broker.systems.svc:15672"]);
  led.clear();
  api?.answerFor([broker]);
  expect([...led.keys()]).toEqual([]);
});

test("serveBrokerApi() tells that a declared queue is empty", async () => {
  const { ask } = await serve();
  expect(await ask("/api/queues/%2F/work.v1")).toEqual({
    status: 200,
    body: { name: "work.v1", messages: 0, messages_ready: 0, messages_unacknowledged: 0 },
  });
});

test.each([
  ["by the name of its object", "/api/queues/%2F/work"],
  ["of another vhost", "/api/queues/other/work.v1"],
  ["of another broker", "/api/queues/%2F/elsewhere"],
])("serveBrokerApi() knows no queue %s", async (_, path) => {
  const { ask } = await serve();
  expect((await ask(path)).status).toBe(404);
});

test.each(["scaler:wrong", "guest:guest", ":"])(
  "serveBrokerApi() refuses the credentials %s",
  async (credentials) => {
    const { ask } = await serve();
    expect((await ask("/api/queues/%2F/work.v1", credentials)).status).toBe(401);
  },
);
