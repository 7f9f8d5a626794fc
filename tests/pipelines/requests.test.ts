import { afterAll, beforeAll, expect, test } from "vitest";
import { preparePipeline } from "../../scripts/pipelines/bento.ts";
import { usageOf } from "../../scripts/pipelines/ml-service.ts";
import { openSystem, type System } from "../../scripts/pipelines/system.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";
import { booksOf, reconcile } from "./books.ts";
import {
  accepted,
  get,
  post,
  postRaw,
  release,
  statusOf,
  take,
  untilEmpty,
  untilStatus,
} from "./client.ts";
import { concurrently } from "./concurrently.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let system: System;
beforeAll(async () => {
  system = await openSystem(release);
});
afterAll(() => system.close());

test("a prompt alone is accepted, for the anonymous user and the default model", async () => {
  const answer = await postRaw(system, '{"prompt":"Tell me a joke"}');
  expect(answer).toEqual({
    status: 202,
    body: { request_id: expect.stringMatching(uuid), status: "pending", estimated_tokens: 4 },
  });
  const row = await system.postgres.query(
    `SELECT user_id, model, prompt, estimated_tokens FROM requests WHERE request_id = '${answer.body.request_id}'`,
  );
  expect(row).toBe("default-user|gpt2|Tell me a joke|4");
});

test("an accepted request is done after a while, and its answer has text and tokens", async () => {
  const prompt = "Explain queues in two words";
  const id = await accepted(system, "ada", prompt);
  const usage = usageOf(prompt);
  expect(await untilStatus(system, "ada", id, "done")).toEqual({
    status: "done",
    output: `answer to: ${prompt}`,
    tokens: { ...usage, total: usage.prompt + usage.completion },
  });
  const books = await reconcile(system, "ada");
  expect(books).toMatchObject({ rows: { completed: 1 }, logLines: 1, requestsUsed: 1 });
});

test("the estimate counts characters, not bytes, and the quota ends at the tokens really used", async () => {
  const prompt = "Größe".repeat(4);
  const answer = await post(system, "bea", prompt);
  expect(answer.body.estimated_tokens).toBe(5);
  const usage = usageOf(prompt);
  await reconcile(system, "bea");
  const used = usage.prompt + usage.completion;
  expect(await get(system, "/quota", "bea")).toEqual({
    status: 200,
    body: {
      requests: { used: 1, limit: 100, remaining: 99 },
      tokens: { used, limit: 10_000, remaining: 10_000 - used },
    },
  });
});

test("a quota's window begins with its first request and is not prolonged by the next", async () => {
  const key = "user:cyd:quota:daily:tokens:used";
  await accepted(system, "cyd", "one");
  const ttl = Number(await system.redis.call("TTL", key));
  expect(ttl).toBeGreaterThan(86_390);
  expect(ttl).toBeLessThanOrEqual(86_400);
  await reconcile(system, "cyd");
  await system.redis.call("EXPIRE", key, "1000");
  await accepted(system, "cyd", "two");
  await reconcile(system, "cyd");
  expect(Number(await system.redis.call("TTL", key))).toBeLessThanOrEqual(1000);
});

const refusals: [string, string, number, string][] = [
  ["no JSON", "prompt=x", 400, "the body must be a JSON object"],
  ["a list", '["prompt"]', 400, "the body must be a JSON object"],
  ["no prompt", "{}", 400, "prompt must be a string"],
  ["a prompt that is a number", '{"prompt":5}', 400, "prompt must be a string"],
  ["an empty prompt", '{"prompt":""}', 400, "prompt must not be empty"],
  ["a blank prompt", '{"prompt":" \\n"}', 400, "prompt must not be empty"],
  [
    "NUL in the prompt",
    '{"prompt":"a\\u0000b"}',
    400,
    "prompt must not contain NUL, which PostgreSQL cannot keep",
  ],
  ["a user_id that is a number", '{"prompt":"x","user_id":5}', 400, "user_id must be a string"],
  [
    "a user with a line break",
    '{"prompt":"x","user_id":"a\\nb"}',
    400,
    "the user must have 1 to 255 printable characters",
  ],
  [
    "a user_id that is too long",
    JSON.stringify({ prompt: "x", user_id: "u".repeat(256) }),
    400,
    "the user must have 1 to 255 printable characters",
  ],
  [
    "another model",
    '{"prompt":"x","model":"gpt5"}',
    400,
    'model must be "gpt2", the one that is served',
  ],
  [
    "a max_length out of range",
    '{"prompt":"x","max_length":501}',
    400,
    "max_length must be a whole number from 10 to 500",
  ],
  [
    "half a max_length",
    '{"prompt":"x","max_length":10.5}',
    400,
    "max_length must be a whole number from 10 to 500",
  ],
  [
    "a temperature that is a text",
    '{"prompt":"x","temperature":"1"}',
    400,
    "temperature must be a number from 0.1 to 2",
  ],
  [
    "a top_p out of range",
    '{"prompt":"x","top_p":1.1}',
    400,
    "top_p must be a number from 0.1 to 1",
  ],
  [
    "a body of more than 256 KiB",
    JSON.stringify({ prompt: "x".repeat(262_144) }),
    400,
    "the body must not be longer than 256 KiB",
  ],
];

test.each(refusals)("%s is refused with a sentence", async (_what, body, status, error) => {
  expect(await postRaw(system, body)).toEqual({ status, body: { error } });
});

test("what is refused leaves no row, no message and no reservation", async () => {
  await reconcile(system, "default-user");
  const before = await booksOf(system, "default-user");
  for (const [, body] of refusals) await postRaw(system, body);
  expect(await booksOf(system, "default-user")).toEqual(before);
});

test("a multipart body is refused as one, not taken as several requests", async () => {
  const form = new FormData();
  form.append("one", '{"prompt":"x"}');
  form.append("two", '{"prompt":"y"}');
  expect(await postRaw(system, form, { "x-api-key": "multi" })).toEqual({
    status: 400,
    body: { error: "the body must not be multipart" },
  });
  expect((await booksOf(system, "multi")).rows).toEqual({});
});

test("a user_id that is not the header's user is refused", async () => {
  const body = '{"prompt":"x","user_id":"eve"}';
  expect(await postRaw(system, body, { "x-api-key": "dan" })).toEqual({
    status: 400,
    body: { error: "user_id must be the user in X-API-Key" },
  });
  expect(await postRaw(system, body, { "x-api-key": "eve" })).toMatchObject({ status: 202 });
});

test("only POST is taken, and only on the one path", async () => {
  const url = `${system.gateway.url}/api/v1/inference`;
  expect((await fetch(url)).status).toBe(405);
  expect((await fetch(`${url}/x`, { method: "POST" })).status).toBe(404);
  expect((await fetch(`${system.gateway.url}/post/ws`)).status).toBe(404);
});

test("past the limit of requests the answer is 429 with limit and used, and neither row nor message is written", async () => {
  const [worker] = system.workers;
  if (worker === undefined) throw new Error("there is no worker");
  await system.redis.call("SET", "user:fay:quota:daily:requests:limit", "1");
  // Nobody takes a message away before it is counted
  await system.stop(worker);
  try {
    await accepted(system, "fay", "the only one");
    const before = await booksOf(system, "fay");
    expect(before.rows).toEqual({ pending: 1 });
    expect(await post(system, "fay", "one too many")).toEqual({
      status: 429,
      body: { error: "the daily quota of requests is used up", limit: 1, used: 1, estimated: 3 },
    });
    expect(await booksOf(system, "fay")).toEqual(before);
    await take(system, "inference_requests");
    await untilEmpty(system);
  } finally {
    await system.start(worker);
  }
});

test("where nobody is served without a name, a request without one is 401 and leaves no row", async () => {
  const [, file = ""] = system.gateway.command.args;
  const settings = { ...system.gateway.command.env, ANONYMOUS_USER: "" };
  const strict = await preparePipeline("strict-gateway", file, settings);
  await system.start(strict);
  const rows = "SELECT count(*) FROM requests";
  const before = await system.postgres.query(rows);
  expect(await postRaw({ ...system, gateway: strict }, '{"prompt":"x"}')).toEqual({
    status: 401,
    body: { error: "X-API-Key must name the user" },
  });
  expect(await system.postgres.query(rows)).toBe(before);
  await system.stop(strict);
});

test("a prompt larger than what is left of the tokens is refused, a smaller one is not", async () => {
  await system.redis.call("SET", "user:gus:quota:daily:tokens:limit", "10");
  expect(await post(system, "gus", "x".repeat(41))).toEqual({
    status: 429,
    body: { error: "the daily quota of tokens is used up", limit: 10, used: 0, estimated: 11 },
  });
  await accepted(system, "gus", "x".repeat(40));
});

test("of many requests at once exactly as many are accepted as the quota has left", async () => {
  await system.redis.call("SET", "user:hal:quota:daily:requests:limit", "10");
  const answers = await concurrently(Array.from({ length: 60 }), 30, () =>
    post(system, "hal", "at once"),
  );
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(50);
  expect(await reconcile(system, "hal")).toMatchObject({ rows: { completed: 10 } });
});

test("no header, cookie or query parameter of a client gets into the queue", async () => {
  const [worker] = system.workers;
  if (worker === undefined) throw new Error("there is no worker");
  await system.stop(worker);
  try {
    const headers = {
      "x-api-key": "ivy",
      cookie: "session=secret; answer=500",
      "x-token": "secret",
    };
    const answer = await postRaw(system, '{"prompt":"x"}', headers, "?answer=500&quota=secret");
    expect(answer.status).toBe(202);
    // The row is there before the message, and to the client it is a request like any other
    expect((await booksOf(system, "ivy")).rows).toEqual({ pending: 1 });
    expect(await statusOf(system, "ivy", String(answer.body.request_id))).toEqual({
      status: "processing",
    });
    const { payload, properties } = await take(system, "inference_requests");
    expect(JSON.parse(payload)).toEqual({
      request_id: answer.body.request_id,
      user_id: "ivy",
      model: "gpt2",
      estimated_tokens: 1,
      prompt: "x",
      max_length: 100,
      temperature: 0.7,
      top_p: 0.9,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
    });
    expect(properties).toEqual({
      content_type: "application/json",
      delivery_mode: 2,
      // The broker's own, of every quorum queue
      headers: { "x-delivery-count": 0 },
      message_id: answer.body.request_id,
    });
  } finally {
    await system.start(worker);
  }
});

test("a request is told to its own user only", async () => {
  const id = await accepted(system, "jon", "mine");
  expect(await get(system, `/status?requestId=${id}`, "kay")).toEqual({
    status: 404,
    body: { status: "not_found" },
  });
  expect(await get(system, `/status?requestId=${id}`)).toEqual({
    status: 401,
    body: { error: "X-API-Key must name the user" },
  });
  await untilStatus(system, "jon", id, "done");
});

test("a status without a request is refused, an unknown request is not found", async () => {
  expect(await get(system, "/status", "jon")).toEqual({
    status: 400,
    body: { error: "requestId must name the request" },
  });
  expect(await get(system, "/status?requestId=none", "jon")).toMatchObject({ status: 404 });
});

test("a quota is told to nobody without a name, and a new user has all of it", async () => {
  expect(await get(system, "/quota")).toMatchObject({ status: 401 });
  expect(await get(system, "/quota", "lea")).toEqual({
    status: 200,
    body: {
      requests: { used: 0, limit: 100, remaining: 100 },
      tokens: { used: 0, limit: 10_000, remaining: 10_000 },
    },
  });
});

test("a request is processing while the model works on it", async () => {
  system.ml.behaviour = { milliseconds: 1500 };
  try {
    const id = await accepted(system, "mia", "think long");
    await untilStatus(system, "mia", id, "processing");
    await untilStatus(system, "mia", id, "done");
  } finally {
    system.ml.behaviour = {};
  }
  expect(await reconcile(system, "mia")).toMatchObject({ rows: { completed: 1 } });
});

test("a worker that is told to stop finishes its inference first, and takes no other", async () => {
  const [worker] = system.workers;
  if (worker === undefined) throw new Error("there is no worker");
  system.ml.behaviour = { milliseconds: 3000 };
  const id = await accepted(system, "nat", "let me finish");
  const next = await accepted(system, "nat", "I can wait");
  try {
    await waitFor("the model to have the prompt", 20, async () =>
      system.ml.prompts.includes("let me finish"),
    );
    await system.stop(worker, "SIGTERM");
    await untilStatus(system, "nat", id, "done");
    expect(await statusOf(system, "nat", next)).toEqual({ status: "processing" });
    expect(system.ml.prompts).not.toContain("I can wait");
  } finally {
    system.ml.behaviour = {};
    await system.start(worker);
  }
  await untilStatus(system, "nat", next, "done");
  expect(system.ml.prompts.filter((prompt) => prompt === "let me finish")).toHaveLength(1);
});

test("health and readiness are answered", async () => {
  expect(await get(system, "/health")).toEqual({ status: 200, body: { status: "ok" } });
  for (const pipeline of [system.gateway, ...system.workers, ...system.collectors, system.api]) {
    expect((await fetch(`${pipeline.url}/ready`)).status).toBe(200);
  }
});
