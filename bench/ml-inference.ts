// What the pipelines of ML Inference add to a call of the model, and how many requests they take, with two
// thousand or as many as the first argument says: npm run -s bench:ml-inference
//
// Broker, database, Redis and pipelines are real, the model is a stand-in that answers at once: what is
// left is the price of the queue. The same stand-in is called directly for comparison. Everything,
// clients included, shares this machine. Ends with 1 where the books do not agree afterwards.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { counter } from "../scripts/pipelines/bento.ts";
import { usageOf } from "../scripts/pipelines/ml-service.ts";
import { openSystem } from "../scripts/pipelines/system.ts";
import { waitFor } from "../scripts/rehearsal/wait.ts";
import { concurrently } from "../tests/pipelines/concurrently.ts";

const release = join(import.meta.dirname ?? "", "../overlays/dev/ml-inference/release");
const clients = 20;
const workers = 3;
const collectors = 2;
/** At most so many requests one after another, for the latency. */
const alone = 200;

const count = Number(process.argv[2] ?? 2000);
const noLimit = "1000000000";
const system = await openSystem(release, {
  workers,
  collectors,
  settings: { DAILY_REQUEST_LIMIT: noLimit, DAILY_TOKEN_LIMIT: noLimit },
});
try {
  const prompts = Array.from({ length: count }, (_, n) => `question ${n}`);
  // Connections are opened and prepared statements made by the first ones
  await concurrently(prompts.slice(0, clients), clients, (prompt) => serve("first", prompt));

  const few = prompts.slice(0, alone);
  console.log(`${few.length} requests, one after another (median, 95th percentile)\n`);
  const direct: number[] = [];
  const accepted: number[] = [];
  const done: number[] = [];
  for (const prompt of few) {
    // In turns, so that a busy moment of the machine meets both
    direct.push(await timed(() => callModel(prompt)));
    const start = performance.now();
    const id = await post("alone", prompt);
    accepted.push(performance.now() - start);
    await untilDone("alone", id);
    done.push(performance.now() - start);
  }
  print("the model, called directly", latency(direct));
  print("POST until 202", latency(accepted));
  print("POST until /status says done", latency(done));
  const added = quantile(done, 0.5) - quantile(direct, 0.5);
  print("added to the model's own time", `${added.toFixed(1)} ms`);

  console.log(`\n${count} requests, ${clients} clients, ${workers} workers\n`);
  const called = await timed(() => concurrently(prompts, clients, callModel));
  print("the model, called directly", rate(called));
  const before = await finished();
  const start = performance.now();
  await concurrently(prompts, clients, (prompt) => post("many", prompt));
  print("accepted", rate(performance.now() - start));
  while ((await finished()) < before + count) await wait(50);
  print("completed", rate(performance.now() - start));

  const expected = prompts
    .map(usageOf)
    .reduce((sum, { prompt, completion }) => sum + prompt + completion, 0);
  const books = await booksOf("many");
  for (const queue of ["inference_requests", "inference_results"].flatMap(withDeadLetters)) {
    await waitFor(
      `"${queue}" to be empty`,
      30,
      async () => (await system.queueLength(queue)) === 0,
    );
  }
  const agree = Object.values(books).every((book) => book === `${count}|${expected}`);
  console.log(
    `\n${agree ? "the queues are empty and the books agree" : "THE BOOKS DO NOT AGREE"}: ${JSON.stringify(books)}`,
  );
  if (!agree) process.exitCode = 1;
} finally {
  await system.close();
}

async function callModel(prompt: string): Promise<void> {
  const answer = await fetch(`${system.ml.url}/inference`, {
    method: "POST",
    body: JSON.stringify({ prompt }),
  });
  await answer.json();
}

/** Posts a request; returns its id. */
async function post(user: string, prompt: string): Promise<string> {
  const answer = await fetch(`${system.gateway.url}/api/v1/inference`, {
    method: "POST",
    headers: { "x-api-key": user },
    body: JSON.stringify({ prompt }),
  });
  const body = (await answer.json()) as { readonly request_id: string };
  if (answer.status !== 202) throw new Error(`${answer.status}: ${JSON.stringify(body)}`);
  return body.request_id;
}

async function untilDone(user: string, id: string): Promise<void> {
  const url = `${system.api.url}/status?requestId=${id}`;
  for (;;) {
    const answer = await fetch(url, { headers: { "x-api-key": user } });
    const { status } = (await answer.json()) as { readonly status: string };
    if (status === "done") return;
    if (status !== "processing") throw new Error(`${id} is ${status}`);
    await wait(1);
  }
}

async function serve(user: string, prompt: string): Promise<void> {
  await untilDone(user, await post(user, prompt));
}

/** Requests whose row is final and whose tokens are counted. */
async function finished(): Promise<number> {
  const counts = await Promise.all(
    system.collectors.map((collector) => counter(collector, "requests_finished")),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}

function withDeadLetters(queue: string): string[] {
  return [queue, `${queue}.dlq`];
}

/** What each book says of a user: requests and tokens. */
async function booksOf(user: string): Promise<Readonly<Record<string, string>>> {
  const sums = (what: string) => system.postgres.query(`SELECT count(*), ${what}`);
  const key = (quota: string) => system.redis.call("GET", `user:${user}:quota:daily:${quota}:used`);
  return {
    rows: await sums(
      `sum(actual_tokens) FROM requests WHERE user_id = '${user}' AND status = 'completed'`,
    ),
    log: await sums(`sum(total_tokens) FROM token_logs WHERE user_id = '${user}'`),
    quota: `${await key("requests")}|${await key("tokens")}`,
    // One row for each user, without a count of requests
    month: await system.postgres.query(
      `SELECT ${count}, monthly_tokens FROM quota_usage WHERE user_id = '${user}'`,
    ),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function rate(milliseconds: number): string {
  const perSecond = (count / milliseconds) * 1000;
  return `${perSecond.toFixed(0)}/s (${(milliseconds / 1000).toFixed(1)} s)`;
}

function latency(times: readonly number[]): string {
  return `${quantile(times, 0.5).toFixed(1)} ms, ${quantile(times, 0.95).toFixed(1)} ms`;
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(30)} ${figure}`);
}
