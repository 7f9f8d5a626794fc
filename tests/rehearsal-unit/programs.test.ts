import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import type { Cluster } from "../../scripts/rehearsal/cluster.ts";
import type { Program } from "../../scripts/rehearsal/programs/program.ts";
import { openPrograms, PROGRAM_ANSWERS } from "../../scripts/rehearsal/programs/run.ts";
import { openWorkspace, type Workspace } from "../../scripts/rehearsal/workspace.ts";
import { clusterOf, type WrittenObject } from "./cluster.ts";

const metadata = { name: "operator", namespace: "operators" };

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata,
  spec: {
    selector: { matchLabels: { app: "operator" } },
    template: { spec: { serviceAccountName: "operator", containers: [{ args: ["--verbose"] }] } },
  },
};

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { ...metadata, name: "webhook" },
  spec: { clusterIP: "10.96.0.7" },
};

const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { ...metadata, name: "certs" },
  data: { "tls.crt": Buffer.from("certificate").toString("base64") },
};

/** A pod of the operator's Deployment, but for what is given. */
function pod(name: string, app = "operator", serviceAccountName = "operator") {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name, labels: { app } },
    spec: { serviceAccountName },
  };
}

/** The shell is its program; `redis` is only a tool's name that the types know. */
function program(script: string, more: Partial<Program> = {}): Program {
  return {
    namespace: metadata.namespace,
    deployment: metadata.name,
    serviceAccount: "operator",
    tool: "redis",
    ports: ["web"],
    command: ({ args, port }) => ({ args: ["-c", script, "sh", ...args, String(port("web"))] }),
    ...more,
  };
}

let workspace: Workspace;
beforeEach(async () => {
  workspace = await openWorkspace();
});
afterEach(() => workspace.close());

/** Runs a program on a cluster that takes what is applied, and tells what came of it. */
async function open(one: Program, cluster: Partial<Cluster>) {
  const events: string[] = [];
  const applied: object[] = [];
  const mapped = new Map<string, number>();
  const { look } = await openPrograms([one], {
    workspace,
    cluster: {
      ...clusterOf(),
      token: (account, namespace) => Promise.resolve(`token of ${namespace}/${account}`),
      apply: async (object) => {
        applied.push(object);
        return deployment as never;
      },
      ...cluster,
    },
    egress: { map: (address, port) => mapped.set(address, port), refused: () => [], close() {} },
    binaries: { redis: "/bin/sh" } as never,
    proxy: "http://127.0.0.1:1",
    kubeconfig: (name, _, token) => workspace.write(`kubeconfigs/${name}`, token),
    onEvent: (subject, what) => events.push(`${subject} ${what.replace(/, v.*$/, "")}`),
  });
  return { look, events, applied, mapped };
}

/** The reading half of a cluster with these objects. */
function holding(...objects: readonly WrittenObject[]): Pick<Cluster, "list" | "find"> {
  const { list, find } = clusterOf(...objects);
  return { list, find };
}

async function logged(text: string): Promise<void> {
  await vi.waitFor(() => expect(workspace.log("operator")).toBe(text), 10_000);
}

test("look() starts a program with its container's arguments and its own account's token", async () => {
  const { look, events } = await open(
    program('echo "$1 $(cat "$KUBECONFIG")"; exec sleep 600'),
    holding(deployment),
  );
  await look();
  await look();
  await logged("--verbose token of operators/operator\n");
  expect(events).toEqual(["operator starts as a process", "operator answers"]);
});

test("look() waits for the Deployment and for the account", async () => {
  const nowhere = await open(program("exec sleep 600"), holding());
  await nowhere.look();
  const nobody = await open(program("exec sleep 600"), {
    ...holding(deployment),
    token: () => Promise.resolve(undefined),
  });
  await nobody.look();
  expect([...nowhere.events, ...nobody.events]).toEqual([]);
});

test("look() refuses a Deployment with another account: its permissions would not be those of git", async () => {
  const { look } = await open(
    program("exec sleep 600", { serviceAccount: "keda" }),
    holding(deployment),
  );
  await expect(look()).rejects.toThrow(
    new SlipwayError(
      'Deployment operators/operator runs as ServiceAccount "operator" and the rehearsal expects "keda": change one of them (scripts/rehearsal/programs)',
    ),
  );
});

test("look() makes the pods of a program ready once it answers, and no others", async () => {
  const answers = { [PROGRAM_ANSWERS]: "true" };
  const marked = pod("marked");
  const { look, applied, events } = await open(
    program(`exec "${process.execPath}" run -A "${workspace.write("server.mjs", server)}" "$2"`, {
      ready: { scheme: "http", port: "web", path: "/readyz" },
    }),
    holding(
      deployment,
      pod("operator-1"),
      { ...marked, metadata: { ...marked.metadata, annotations: answers } },
      pod("of-another-deployment", "other"),
      pod("of-another-account", "operator", "default"),
    ),
  );
  await vi.waitFor(async () => {
    await look();
    expect(workspace.log("operator")).toContain("not yet: /readyz");
  }, 10_000);
  expect(applied).toEqual([]);

  workspace.write("works", "");
  await vi.waitFor(async () => {
    await look();
    expect(events).toContain("operator answers");
  }, 10_000);
  expect(applied).toEqual([
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "operator-1", namespace: "operators", annotations: answers },
    },
  ]);
});

test("look() starts a program that ends again, four times in all; then the rehearsal is over", async () => {
  const { look, events } = await open(program("echo broken"), holding(deployment));
  await vi.waitFor(async () => {
    await look();
    expect(workspace.assertRunning).toThrow(/"operator" has ended by itself: broken$/);
  }, 10_000);
  expect(events.filter((event) => event.endsWith("starts as a process"))).toHaveLength(4);
});

test("look() leads what the API server dials at a Service to the program's port", async () => {
  const ports: number[] = [];
  const { look, mapped } = await open(
    program("", {
      services: [{ name: "webhook", port: 443, leadsTo: "web" }],
      command({ port }) {
        ports.push(port("web"));
        return { args: ["-c", "echo up; exec sleep 600"] };
      },
    }),
    holding(deployment, service),
  );
  await look();
  await logged("up\n");
  expect([...mapped]).toEqual(ports.map((port) => ["10.96.0.7:443", port]));
});

test("look() makes files of a Secret's keys and starts the program only then", async () => {
  const reader = program("", {
    secrets: [{ name: "certs" }],
    command: ({ folder }) => ({
      args: ["-c", 'cat "$1/tls.crt"; exec sleep 600', "sh", folder("certs")],
    }),
  });
  const { look, events } = await open(reader, holding(deployment));
  await look();
  expect(events).toEqual([]);

  const later = await open(reader, holding(deployment, secret));
  await later.look();
  await logged("certificate");
});

test("look() starts a program that makes its Secret by itself without it, and gives it the files later", async () => {
  const objects: WrittenObject[] = [deployment];
  const { look, events } = await open(
    program("echo up; exec sleep 600", { secrets: [{ name: "certs", own: true }] }),
    {
      list: (...query) => clusterOf(...objects).list(...query),
      find: (...query) => clusterOf(...objects).find(...query),
    },
  );
  await look();
  await logged("up\n");
  const file = workspace.path("secrets", "operator", "certs", "tls.crt");
  expect(events).toContain("operator starts as a process");
  expect(existsSync(file)).toBe(false);

  objects.push(secret);
  await look();
  expect(readFileSync(file, "utf8")).toBe("certificate");
});

/** Answers 503, and 200 as soon as there is a file `works`. */
const server = `
  import { existsSync } from "node:fs";
  import { createServer } from "node:http";
  createServer(({ url }, response) => {
    const works = existsSync("works");
    console.log((works ? "works: " : "not yet: ") + url);
    response.writeHead(works ? 200 : 503).end();
  }).listen(Number(process.argv[2]), "127.0.0.1");
`;
