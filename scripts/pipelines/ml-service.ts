import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Counts of tokens that follow from the prompt alone, so that a test can add them up by itself. */
export function usageOf(prompt: string): { readonly prompt: number; readonly completion: number } {
  return { prompt: prompt.split(" ").length, completion: (prompt.length % 17) + 3 };
}

/** What the stand-in does with a request. */
type Behaviour = {
  /** Waits before it answers. */
  readonly milliseconds?: number;
  /** Answers with this status and no text. */
  readonly status?: number;
  /** Answers 200 with this body. */
  readonly body?: string;
};

/** A stand-in for the ML service: its paths, fields and errors, and no model. */
export type MlService = {
  readonly url: string;
  /** The prompts that came in, in order, the answered and the unanswered. */
  readonly prompts: string[];
  behaviour: Behaviour;
  /** Refuses connections until `up()`. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
};

/** Starts a stand-in on loopback. */
export async function startMlService(): Promise<MlService> {
  let server: Server | undefined;
  let port = 0;
  // The real one blocks while its model works: one request at a time, and one that was given up is worked on as well
  let turn: Promise<unknown> = Promise.resolve();
  const service: MlService = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    prompts: [],
    behaviour: {},
    async down() {
      const closing = server;
      server = undefined;
      closing?.closeAllConnections();
      await new Promise((done) => (closing ? closing.close(done) : done(undefined)));
    },
    async up() {
      if (server !== undefined) return;
      server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const body = Buffer.concat(chunks).toString();
        const answering = turn.then(() => answer(service, request.url ?? "", body));
        turn = answering;
        const { status, text } = await answering;
        // A kept connection that times out just as it is used would look like one more failure
        const headers = { "content-type": "application/json", connection: "close" };
        response.writeHead(status, headers).end(text);
      });
      await new Promise<void>((done) => server?.listen(port, "127.0.0.1", done));
      port = (server.address() as AddressInfo).port;
    },
  };
  await service.up();
  return service;
}

async function answer(service: MlService, path: string, body: string) {
  if (path !== "/inference") return { status: 404, text: '{"detail":"Not Found"}' };
  const { prompt } = JSON.parse(body) as { readonly prompt: string };
  service.prompts.push(prompt);
  const { milliseconds = 0, status = 200, body: text } = service.behaviour;
  await delay(milliseconds);
  if (status !== 200) return { status, text: JSON.stringify({ detail: `status ${status}` }) };
  const usage = usageOf(prompt);
  return {
    status,
    text:
      text ??
      JSON.stringify({
        output_text: `answer to: ${prompt}`,
        token_usage: {
          prompt_tokens: usage.prompt,
          completion_tokens: usage.completion,
          total_tokens: usage.prompt + usage.completion,
        },
        model: "stand-in",
        processing_time: 0.01,
      }),
  };
}
