import { expect } from "vitest";
import type { System } from "../../scripts/pipelines/system.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";

export const release = "overlays/dev/ml-inference/release";

export const queues = [
  "inference_requests",
  "inference_requests.dlq",
  "inference_results",
  "inference_results.dlq",
] as const;

export type Answer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Asks for an inference as a user. */
export function post(system: System, user: string, prompt: string): Promise<Answer> {
  return postRaw(system, JSON.stringify({ prompt }), { "x-api-key": user });
}

/** Posts a body as it is. */
export async function postRaw(
  system: System,
  body: string | FormData,
  headers: Readonly<Record<string, string>> = {},
  query = "",
): Promise<Answer> {
  const url = `${system.gateway.url}/api/v1/inference${query}`;
  return answerOf(await fetch(url, { method: "POST", body, headers }));
}

/** Asks the API service. */
export async function get(system: System, path: string, user?: string): Promise<Answer> {
  const headers = user === undefined ? {} : { "x-api-key": user };
  return answerOf(await fetch(`${system.api.url}${path}`, { headers }));
}

/** Asks for an inference that has to be accepted; returns its id. */
export async function accepted(system: System, user: string, prompt: string): Promise<string> {
  const answer = await post(system, user, prompt);
  expect(answer).toMatchObject({ status: 202 });
  return String(answer.body.request_id);
}

/** What the API says of a request. */
export async function statusOf(system: System, user: string, id: string): Promise<Answer["body"]> {
  return (await get(system, `/status?requestId=${id}`, user)).body;
}

/** Waits until a request has the status that the API tells. */
export async function untilStatus(
  system: System,
  user: string,
  id: string,
  status: string,
): Promise<Answer["body"]> {
  let body: Answer["body"] = {};
  await waitFor(`request ${id} to be ${status}`, 60, async () => {
    body = await statusOf(system, user, id);
    return body.status === status;
  });
  return body;
}

/** Waits until every queue is empty, dead letters included. */
export async function untilEmpty(system: System): Promise<void> {
  for (const queue of queues) {
    await waitFor(
      `"${queue}" to be empty`,
      60,
      async () => (await system.queueLength(queue)) === 0,
    );
    // Lengths are up to a second old; this asks the queue itself
    expect(await fetchMessages(system, queue, "ack_requeue_true")).toEqual([]);
  }
}

/** Waits until a queue holds a number of messages. */
export function untilLength(
  system: System,
  queue: (typeof queues)[number],
  length: number,
): Promise<void> {
  return waitFor(
    `"${queue}" to hold ${length}`,
    60,
    async () => (await system.queueLength(queue)) === length,
  );
}

/** Puts a message into a queue, as a client of the broker would. */
export async function publish(system: System, queue: string, payload: unknown): Promise<void> {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const answer = await system.rabbitmq.manage("POST", "/exchanges/%2F/amq.default/publish", {
    routing_key: queue,
    payload: text,
    payload_encoding: "string",
    properties: { delivery_mode: 2 },
  });
  expect(await answer.json()).toEqual({ routed: true });
}

type Delivery = { readonly payload: string; readonly properties: Record<string, unknown> };

/** Waits for a message in a queue and takes it out. */
export async function take(system: System, queue: string): Promise<Delivery> {
  let message: Delivery | undefined;
  await waitFor(`a message in "${queue}"`, 60, async () => {
    [message] = await fetchMessages(system, queue, "ack_requeue_false");
    return message !== undefined;
  });
  return message as unknown as Delivery;
}

async function fetchMessages(system: System, queue: string, ackmode: string): Promise<Delivery[]> {
  const answer = await system.rabbitmq.manage("POST", `/queues/%2F/${queue}/get`, {
    count: 1,
    ackmode,
    encoding: "auto",
  });
  return (await answer.json()) as Delivery[];
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, body: isJson ? JSON.parse(text) : { text: text.trim() } };
}
