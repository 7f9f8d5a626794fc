import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  followLoad,
  patchPod,
} from "../../base/jaguar-engine/images/jaguar-engine/src/deletion-cost.ts";
import { createServingCertificate } from "../../scripts/rehearsal/certificates.ts";

describe("followLoad", () => {
  let entities: number | undefined;
  let problem: string | undefined;
  const costs: number[] = [];
  const lines: string[] = [];
  let end = () => {};

  beforeEach(() => {
    vi.useFakeTimers();
    entities = problem = undefined;
    costs.length = lines.length = 0;
    end = followLoad(
      () => entities,
      async (cost) => {
        if (problem) throw new Error(problem);
        costs.push(cost);
      },
      (line) => lines.push(line),
    );
  });
  afterEach(() => {
    end();
    vi.useRealTimers();
  });
  const minutes = async (count: number) => await vi.advanceTimersByTimeAsync(60_000 * count);

  it("writes the number of entities once a minute at most, when it has changed by a tenth", async () => {
    await minutes(1);
    expect(costs).toEqual([]);
    entities = 8;
    await minutes(3);
    entities = 1000;
    await minutes(1);
    entities = 1099;
    await minutes(2);
    entities = 1101;
    await minutes(1);
    entities = 0;
    await minutes(2);
    expect(costs).toEqual([8, 1000, 1101, 0]);
  });

  it("says once that it may not, and goes on when it may", async () => {
    entities = 8;
    problem = "the API server answers 403";
    await minutes(3);
    expect(lines).toEqual(["Cannot set the deletion cost: the API server answers 403"]);
    problem = undefined;
    await minutes(1);
    expect(costs).toEqual([8]);
  });
});

describe("patchPod", () => {
  const pod = { namespace: "jaguar", name: "jaguar-engine-0" };
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "jaguar-account-"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  /** An API server that answers with a status, and what it was asked. */
  async function serve(status: number) {
    const { certificate, privateKey } = await createServingCertificate("localhost");
    writeFileSync(join(directory, "ca.crt"), certificate);
    writeFileSync(join(directory, "token"), "a-token\n");
    const asked: Record<string, unknown>[] = [];
    const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const { method, url, headers } = request;
        const { authorization, "content-type": type } = headers;
        asked.push({ method, url, authorization, type, body: JSON.parse(body) });
        response.writeHead(status).end("{}");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    vi.stubEnv("KUBERNETES_SERVICE_HOST", "localhost");
    vi.stubEnv("KUBERNETES_SERVICE_PORT", String((server.address() as AddressInfo).port));
    return { asked, close: () => server.close() };
  }

  it("sets the annotation of the own pod with the account's token", async () => {
    const { asked, close } = await serve(200);
    await patchPod(pod, directory)(7000);
    expect(asked).toEqual([
      {
        method: "PATCH",
        url: "/api/v1/namespaces/jaguar/pods/jaguar-engine-0",
        authorization: "Bearer a-token",
        type: "application/merge-patch+json",
        body: {
          metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": "7000" } },
        },
      },
    ]);
    close();
  });

  it("says what to look at when it may not", async () => {
    const { close } = await serve(403);
    await expect(patchPod(pod, directory)(8)).rejects.toThrow(
      "the API server answers 403: may the account patch pods?",
    );
    close();
  });

  it("talks to nobody whose certificate is not the cluster's", async () => {
    const { asked, close } = await serve(200);
    const { certificate } = await createServingCertificate("localhost");
    writeFileSync(join(directory, "ca.crt"), certificate);
    await expect(patchPod(pod, directory)(8)).rejects.toThrow();
    expect(asked).toEqual([]);
    close();
  });

  it("says that there is no account", async () => {
    await expect(patchPod(pod, directory)(8)).rejects.toThrow("ca.crt");
  });
});
