import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { counter, type Pipeline } from "../../scripts/pipelines/bento.ts";
import { usageOf } from "../../scripts/pipelines/ml-service.ts";
import type { Server } from "../../scripts/pipelines/server.ts";
import { openSystem, type System } from "../../scripts/pipelines/system.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";
import { booksOf, reconcile } from "./books.ts";
import {
  type Answer,
  accepted,
  get,
  post,
  publish,
  release,
  statusOf,
  take,
  untilEmpty,
  untilLength,
  untilStatus,
} from "./client.ts";
import { concurrently } from "./concurrently.ts";

const clients = 6;

let system: System;
let workers: [Pipeline, Pipeline];
let collector: Pipeline;
beforeAll(async () => {
  system = await openSystem(release, {
    workers: 2,
    // Shorter than in a cluster, or each test would wait for minutes
    settings: { ML_TIMEOUT: "1s", PATIENCE: "4s", EXPIRY_INTERVAL: "1s" },
  });
  const [first, second] = system.workers;
  const [only] = system.collectors;
  if (!first || !second || !only) throw new Error("a pipeline is missing");
  workers = [first, second];
  collector = only;
});
afterAll(() => system.close());
afterEach(() => {
  system.ml.behaviour = {};
});

/** Posts requests and restarts a server after a quarter of them; returns the answers. */
async function postDuringRestart(
  user: string,
  server: Server,
  signal: NodeJS.Signals,
): Promise<Answer[]> {
  const count = 120;
  await system.redis.call("SET", `user:${user}:quota:daily:requests:limit`, "1000000");
  await system.redis.call("SET", `user:${user}:quota:daily:tokens:limit`, "1000000");
  let posted = 0;
  let restart: Promise<void> | undefined;
  const answers = await concurrently(Array.from({ length: count }), clients, async () => {
    posted += 1;
    if (posted === count / 4) restart = restartServer(server, signal);
    return post(system, user, `request ${posted} of ${user}`);
  });
  await restart;
  return answers;
}

async function restartServer(server: Server, signal: NodeJS.Signals): Promise<void> {
  await system.stop(server, signal);
  await system.start(server);
}

/** Each 202 has a completed row, and the books agree. */
async function expectNothingLost(user: string, answers: readonly Answer[]): Promise<void> {
  const books = await reconcile(system, user);
  const ids = answers.filter(({ status }) => status === 202).map(({ body }) => body.request_id);
  expect(ids.length).toBeGreaterThan(0);
  const completed = await system.postgres.query(
    `SELECT request_id FROM requests WHERE user_id = '${user}' AND status = 'completed' ORDER BY 1`,
  );
  expect(completed.split("\n")).toEqual(expect.arrayContaining(ids));
  expect(books.rows.completed).toBeGreaterThanOrEqual(ids.length);
  await untilEmpty(system);
}

test.each(["SIGTERM", "SIGKILL"] as const)(
  "a broker that is restarted by %s loses no accepted request, and none is counted twice",
  async (signal) => {
    const user = `broker-${signal}`;
    const answers = await postDuringRestart(user, system.rabbitmq, signal);
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 503));
    await expectNothingLost(user, answers);
  },
);

test.each(["SIGINT", "SIGKILL"] as const)(
  "a database that is restarted by %s loses no accepted request, and none is counted twice",
  async (signal) => {
    const user = `database-${signal}`;
    const answers = await postDuringRestart(user, system.postgres, signal);
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 503));
    await expectNothingLost(user, answers);
  },
);

test.each(["SIGTERM", "SIGKILL"] as const)(
  "a Redis that is restarted by %s lets every request pass and counts it afterwards",
  async (signal) => {
    const user = `redis-${signal}`;
    const answers = await postDuringRestart(user, system.redis, signal);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    await expectNothingLost(user, answers);
  },
);

test("without Redis a request passes unchecked, and is charged at its end", async () => {
  const before = await counter(system.gateway, "quota_unchecked");
  await system.stop(system.redis);
  try {
    const id = await accepted(system, "unchecked", "no quota today");
    expect(await counter(system.gateway, "quota_unchecked")).toBe(before + 1);
    expect(await get(system, "/quota", "unchecked")).toMatchObject({ status: 500 });
    expect(await get(system, "/health")).toMatchObject({ status: 503 });
    await untilStatus(system, "unchecked", id, "done");
  } finally {
    await system.start(system.redis);
  }
  expect(await reconcile(system, "unchecked")).toMatchObject({ requestsUsed: 1, logLines: 1 });
});

test("a Redis that is silent, its connections open, lets a request pass before the gateway's time is over", async () => {
  await accepted(system, "silent", "before");
  await reconcile(system, "silent");
  const goOn = await system.freeze(system.redis);
  try {
    const started = Date.now();
    await accepted(system, "silent", "say something");
    expect(Date.now() - started).toBeLessThan(20_000);
  } finally {
    goOn();
  }
  expect(await reconcile(system, "silent")).toMatchObject({ rows: { completed: 2 } });
});

test("a database that is silent is answered 408, and what it takes later is served and counted once", async () => {
  await accepted(system, "mute", "before");
  await reconcile(system, "mute");
  const goOn = await system.freeze(system.postgres);
  try {
    expect(await post(system, "mute", "say something")).toMatchObject({ status: 408 });
  } finally {
    goOn();
  }
  await waitFor("the second request to have a row", 30, async () => {
    const rows = await system.postgres.query(
      "SELECT count(*) FROM requests WHERE user_id = 'mute'",
    );
    return rows === "2";
  });
  expect(await reconcile(system, "mute")).toMatchObject({ rows: { completed: 2 }, logLines: 2 });
});

test("past their patience worker and collector give back what they have, and finish it when the database is back", async () => {
  await Promise.all(workers.map((worker) => system.stop(worker)));
  const id = await accepted(system, "patience", "wait with me");
  await system.stop(collector);
  await system.stop(system.postgres, "SIGINT");
  const result = { request_id: id, status: "completed", output_text: "early" };
  await publish(system, "inference_results", { ...result, prompt_tokens: 3, completion_tokens: 4 });
  const counted = ["inference_requests", "inference_results"] as const;
  const before = await Promise.all(counted.map(redeliveries));
  try {
    await Promise.all([...workers, collector].map((server) => system.start(server)));
    await waitFor("twice their patience to be over", 60, async () => {
      const now = await Promise.all(counted.map(redeliveries));
      return now.every((count, index) => count >= (before[index] ?? 0) + 2);
    });
  } finally {
    await system.start(system.postgres);
  }
  await untilStatus(system, "patience", id, "done");
  expect(await reconcile(system, "patience")).toMatchObject({
    rows: { completed: 1 },
    logLines: 1,
  });
  await untilEmpty(system);
});

test("a broker that is away is told within 10 s, and what it refused is given back", async () => {
  await system.stop(system.rabbitmq);
  try {
    const started = Date.now();
    expect(await post(system, "away", "anybody there")).toEqual({
      status: 503,
      body: { error: "the request could not be queued: try again later" },
    });
    expect(Date.now() - started).toBeLessThan(10_000);
    expect((await fetch(`${system.gateway.url}/ready`)).status).toBe(503);
    expect(await booksOf(system, "away")).toMatchObject({
      rows: { failed: 1 },
      withdrawn: 1,
      requestsUsed: 0,
      tokensUsed: 0,
    });
  } finally {
    await system.start(system.rabbitmq);
  }
  // The engine may still hold the message and queue it now: the worker has to skip it.
  await waitFor(
    "the gateway to be ready",
    30,
    async () => (await fetch(`${system.gateway.url}/ready`)).ok,
  );
  const id = await accepted(system, "away", "and now");
  await untilStatus(system, "away", id, "done");
  expect(await reconcile(system, "away")).toMatchObject({ rows: { failed: 1, completed: 1 } });
  expect(system.ml.prompts).not.toContain("anybody there");
});

test("a request for a queue that is not there is answered 503, not dropped by the broker", async () => {
  const path = "/queues/%2F/inference_requests";
  await system.rabbitmq.manage("DELETE", path);
  try {
    expect(await post(system, "unrouted", "no queue")).toMatchObject({ status: 503 });
    expect(await reconcile(system, "unrouted")).toMatchObject({ withdrawn: 1, requestsUsed: 0 });
  } finally {
    const quorum = { durable: true, arguments: { "x-queue-type": "quorum" } };
    await system.rabbitmq.manage("PUT", path, quorum);
  }
  // The workers come back to the queue by themselves
  const id = await accepted(system, "unrouted", "a queue again");
  await untilStatus(system, "unrouted", id, "done");
});

test("without a database a request is answered 503, and its reservation is released", async () => {
  await accepted(system, "nobase", "before");
  await reconcile(system, "nobase");
  const before = await booksOf(system, "nobase");
  await system.stop(system.postgres, "SIGINT");
  try {
    expect(await post(system, "nobase", "where to")).toEqual({
      status: 503,
      body: { error: "the request could not be stored: try again later" },
    });
    expect(await get(system, "/health")).toEqual({
      status: 503,
      body: { status: "unavailable" },
    });
    expect(await get(system, "/status?requestId=x", "nobase")).toMatchObject({ status: 500 });
  } finally {
    await system.start(system.postgres);
  }
  expect(await booksOf(system, "nobase")).toEqual(before);
});

test("a gateway that is told to stop answers what it has taken, and what it accepted is done", async () => {
  const answers = await postDuringStop("stopping", "SIGTERM");
  expect(answers.some((answer) => answer === undefined)).toBe(true);
  await expectNothingLost(
    "stopping",
    answers.filter((answer) => answer !== undefined),
  );
});

test("a gateway that is killed loses no accepted request; what it left half done expires", async () => {
  const answers = await postDuringStop("shot", "SIGKILL");
  const ids = answers.flatMap((answer) => (answer?.status === 202 ? [answer.body.request_id] : []));
  for (const id of ids) await untilStatus(system, "shot", String(id), "done");
  await untilEmpty(system);
  await system.postgres.query(
    "UPDATE requests SET created_at = now() - interval '25 hours' WHERE user_id = 'shot'",
  );
  await waitFor("every row to be final", 30, async () => {
    const { rows, open } = await booksOf(system, "shot");
    return (rows.pending ?? 0) + (rows.processing ?? 0) + open === 0;
  });
  const books = await booksOf(system, "shot");
  const { completed = 0, failed = 0 } = books.rows;
  expect(completed).toBeGreaterThanOrEqual(ids.length);
  expect(books).toMatchObject({ logLines: completed, logTokens: books.rowTokens });
  // Killed between reservation and row it could not give back: the reservation ends with its window
  const lost = books.requestsUsed - completed - failed;
  expect(lost).toBeGreaterThanOrEqual(0);
  expect(lost).toBeLessThanOrEqual(clients);
  expect(books.tokensUsed).toBeGreaterThanOrEqual(books.rowTokens);
  expect(books.tokensUsed).toBeLessThanOrEqual(books.rowTokens + lost * 10);
});

/** Posts requests and ends the gateway after some of them; undefined for those that got no answer. */
async function postDuringStop(user: string, signal: NodeJS.Signals) {
  let posted = 0;
  let stop: Promise<void> | undefined;
  const answers = await concurrently(Array.from({ length: 60 }), clients, async () => {
    posted += 1;
    if (posted === 30) stop = system.stop(system.gateway, signal);
    return post(system, user, `request ${posted} of ${user}`).catch(() => undefined);
  });
  await stop;
  await system.start(system.gateway);
  return answers;
}

test("a worker that is killed in mid-flight leaves its request to the next one, and it counts once", async () => {
  system.ml.behaviour = { milliseconds: 900 };
  await system.stop(workers[1]);
  const id = await accepted(system, "killed", "hold this");
  await waitFor("the model to have the prompt", 20, async () =>
    system.ml.prompts.includes("hold this"),
  );
  await system.stop(workers[0], "SIGKILL");
  await system.start(workers[1]);
  await untilStatus(system, "killed", id, "done");
  await system.start(workers[0]);
  // The model may still be at the first try when the next comes, and that is then too late as well
  const tries = system.ml.prompts.filter((prompt) => prompt === "hold this");
  expect(tries.length).toBeGreaterThan(1);
  expect(await reconcile(system, "killed")).toMatchObject({ rows: { completed: 1 }, logLines: 1 });
});

test("a collector that is killed between row and counters settles the request after its restart", async () => {
  await system.stop(workers[0]);
  await system.stop(workers[1]);
  const id = await accepted(system, "halfway", "count me once");
  await system.stop(system.redis);
  await Promise.all(workers.map((worker) => system.start(worker)));
  await untilStatus(system, "halfway", id, "done");
  await system.stop(collector, "SIGKILL");
  await system.start(system.redis);
  expect(await booksOf(system, "halfway")).toMatchObject({ rows: { completed: 1 }, open: 1 });
  await system.start(collector);
  expect(await reconcile(system, "halfway")).toMatchObject({ logLines: 1, requestsUsed: 1 });
});

test("a request that is delivered again after its result is skipped", async () => {
  const id = await accepted(system, "twice", "only once please");
  await untilStatus(system, "twice", id, "done");
  await system.stop(workers[1]);
  await publish(system, "inference_requests", {
    request_id: id,
    user_id: "twice",
    model: "gpt2",
    estimated_tokens: 4,
    prompt: "only once please",
  });
  // One worker keeps the order: when the next request is done, the copy has been dealt with
  await untilStatus(system, "twice", await accepted(system, "twice", "next"), "done");
  await system.start(workers[1]);
  expect(system.ml.prompts.filter((prompt) => prompt === "only once please")).toHaveLength(1);
});

test("a result that comes twice, even with other numbers, is counted once and as it came first", async () => {
  const id = await accepted(system, "again", "what is it");
  const done = await untilStatus(system, "again", id, "done");
  await reconcile(system, "again");
  const finished = await counter(collector, "output_sent");
  for (const completion of [1, 5000]) {
    await publish(system, "inference_results", {
      request_id: id,
      status: "completed",
      output_text: "another answer",
      prompt_tokens: 1,
      completion_tokens: completion,
    });
  }
  await publish(system, "inference_results", { request_id: id, status: "failed", error: "late" });
  await waitFor(
    "the collector to have read all three",
    30,
    async () => (await counter(collector, "output_sent")) >= finished + 3,
  );
  expect(await statusOf(system, "again", id)).toEqual(done);
  expect(await reconcile(system, "again")).toMatchObject({ logLines: 1, rows: { completed: 1 } });
});

test("a request waits in the queue while the ML service is down, and is done when it is back", async () => {
  const before = await redeliveries("inference_requests");
  await system.ml.down();
  const id = await accepted(system, "down", "are you there");
  // Past a worker's patience the request goes back to the queue, and is taken from there again
  await waitFor(
    "the request to be delivered again",
    60,
    async () => (await redeliveries("inference_requests")) > before,
  );
  expect(await statusOf(system, "down", id)).toEqual({ status: "processing" });
  await system.ml.up();
  await untilStatus(system, "down", id, "done");
  expect(await reconcile(system, "down")).toMatchObject({ rows: { completed: 1 }, logLines: 1 });
});

/** How often the broker has delivered a message of a queue again. */
async function redeliveries(queue: string): Promise<number> {
  const answer = await system.rabbitmq.manage("GET", `/queues/%2F/${queue}`);
  const { message_stats: stats } = (await answer.json()) as {
    readonly message_stats?: { readonly redeliver?: number };
  };
  return stats?.redeliver ?? 0;
}

test("workers that wait for each other at a slow model for longer than their time are late, and no request fails", async () => {
  // Serving two takes longer than ML_TIMEOUT
  system.ml.behaviour = { milliseconds: 700 };
  const prompts = Array.from({ length: 6 }, (_, n) => `slowly, ${n}`);
  for (const prompt of prompts) await accepted(system, "late", prompt);
  expect(await reconcile(system, "late")).toMatchObject({ rows: { completed: 6 }, logLines: 6 });
  const asked = system.ml.prompts.filter((prompt) => prompt.startsWith("slowly"));
  expect(asked.length).toBeGreaterThan(prompts.length);
});

test("a request that the model never answers in time is a dead letter at last, and expires with its tokens given back", async () => {
  system.ml.behaviour = { milliseconds: 1500 };
  const policy = await limitDeliveries(1);
  try {
    const id = await accepted(system, "endless", "think for ever");
    await untilLength(system, "inference_requests.dlq", 1);
    expect(await statusOf(system, "endless", id)).toEqual({ status: "processing" });
    await system.postgres.query(
      `UPDATE requests SET created_at = now() - interval '25 hours' WHERE request_id = '${id}'`,
    );
    expect(await untilStatus(system, "endless", id, "failed")).toEqual({
      status: "failed",
      error: "the request expired",
    });
    const { properties } = await take(system, "inference_requests.dlq");
    expect(properties.headers).toMatchObject({ "x-first-death-reason": "delivery_limit" });
  } finally {
    await system.rabbitmq.manage("PUT", policyPath, policy);
  }
  expect(await reconcile(system, "endless")).toMatchObject({ rows: { failed: 1 }, tokensUsed: 0 });
});

test.each([
  ["failing", { status: 500 }, 3, "the model failed"],
  ["broken", { body: '{"output_text":5}' }, 3, "the model gave no readable answer"],
  ["refusing", { status: 422 }, 1, "the model refused the request: status 422"],
] as const)(
  "a request that a %s model does not answer fails, with its tokens given back",
  async (user, behaviour, attempts, error) => {
    system.ml.behaviour = behaviour;
    const prompt = `please, ${user} model`;
    const id = await accepted(system, user, prompt);
    expect(await untilStatus(system, user, id, "failed")).toEqual({ status: "failed", error });
    expect(system.ml.prompts.filter((other) => other === prompt)).toHaveLength(attempts);
    expect(await reconcile(system, user)).toMatchObject({
      rows: { failed: 1 },
      logLines: 0,
      requestsUsed: 1,
      tokensUsed: 0,
    });
  },
);

test.each([
  ["inference_requests", "no JSON at all"],
  ["inference_requests", { request_id: "x" }],
  [
    "inference_requests",
    { request_id: "unknown", user_id: "x", model: "gpt2", prompt: "x", estimated_tokens: 1 },
  ],
  ["inference_results", "no JSON at all"],
  ["inference_results", { request_id: "x", status: "perhaps" }],
  ["inference_results", { request_id: "unknown", status: "failed", error: "x" }],
] as const)(
  "a poison message in %s goes to the dead letters at once: %j",
  async (queue, payload) => {
    await publish(system, queue, payload);
    const dead = await take(system, `${queue}.dlq`);
    expect(dead.payload).toBe(typeof payload === "string" ? payload : JSON.stringify(payload));
    expect(dead.properties.headers).toMatchObject({
      "x-first-death-queue": queue,
      "x-first-death-reason": "rejected",
    });
  },
);

test("past the delivery limit a request is a dead letter, and is served when it is replayed", async () => {
  const policy = await limitDeliveries(1);
  await system.ml.down();
  try {
    const id = await accepted(system, "dead", "wake me up");
    await untilLength(system, "inference_requests.dlq", 1);
    expect(await statusOf(system, "dead", id)).toEqual({ status: "processing" });
    await system.ml.up();
    await replay(system);
    await untilStatus(system, "dead", id, "done");
    await untilEmpty(system);
  } finally {
    await system.ml.up();
    await system.rabbitmq.manage("PUT", policyPath, policy);
  }
  expect(await reconcile(system, "dead")).toMatchObject({ rows: { completed: 1 } });
});

const policyPath = "/policies/%2F/inference-requests";

/** Has requests delivered only so many times more; returns the policy as it was. */
async function limitDeliveries(limit: number): Promise<object> {
  const policy = (await (await system.rabbitmq.manage("GET", policyPath)).json()) as {
    readonly definition: object;
  };
  await system.rabbitmq.manage("PUT", policyPath, {
    ...policy,
    definition: { ...policy.definition, "delivery-limit": limit },
  });
  return policy;
}

/** Moves dead requests back with the words of the README. */
async function replay(system: System): Promise<void> {
  const readme = readFileSync("base/ml-inference/README.md", "utf8");
  const [, value = ""] = /set_parameter shovel replay '([^']+)'/.exec(readme) ?? [];
  const answer = await system.rabbitmq.manage("PUT", "/parameters/shovel/%2F/replay", {
    value: JSON.parse(value),
  });
  expect(answer.status).toBe(201);
}

test("what was reserved in a window that has ended is not given back in the next", async () => {
  await system.stop(workers[0]);
  await system.stop(workers[1]);
  // Far more reserved than the answer will use: the difference belongs to the window that ends here
  const first = await accepted(system, "window", "x".repeat(400));
  for (const quota of ["requests", "tokens"]) {
    await system.redis.call("DEL", `user:window:quota:daily:${quota}:used`);
  }
  const second = await accepted(system, "window", "short");
  await Promise.all(workers.map((worker) => system.start(worker)));
  for (const id of [first, second]) await untilStatus(system, "window", id, "done");
  await waitFor("both to be settled", 30, async () => (await booksOf(system, "window")).open === 0);
  const usage = usageOf("short");
  expect(await booksOf(system, "window")).toMatchObject({
    requestsUsed: 1,
    tokensUsed: usage.prompt + usage.completion,
  });
});

test("a request that nobody finishes expires after a day, and a copy that turns up later is skipped", async () => {
  await system.stop(workers[0]);
  await system.stop(workers[1]);
  const id = await accepted(system, "forgotten", "hello?");
  await system.postgres.query(
    `UPDATE requests SET created_at = now() - interval '25 hours' WHERE request_id = '${id}'`,
  );
  expect(await untilStatus(system, "forgotten", id, "failed")).toEqual({
    status: "failed",
    error: "the request expired",
  });
  expect(await reconcile(system, "forgotten")).toMatchObject({
    rows: { failed: 1 },
    tokensUsed: 0,
  });
  // One worker keeps the order: when the next request is done, the old one has been dealt with
  await system.start(workers[0]);
  await untilStatus(system, "forgotten", await accepted(system, "forgotten", "next"), "done");
  await system.start(workers[1]);
  expect(system.ml.prompts).not.toContain("hello?");
});
