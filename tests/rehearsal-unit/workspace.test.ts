import { existsSync, readFileSync, statSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import { freePorts, openWorkspace, type Workspace } from "../../scripts/rehearsal/workspace.ts";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await openWorkspace();
});
afterEach(() => workspace.close());

/** Waits until a process has written a text to its log. */
async function logged(name: string, text: string): Promise<void> {
  await vi.waitFor(() => expect(workspace.log(name)).toBe(text), 10_000);
}

test("start() collects what a process prints, both ways, in its log", async () => {
  await workspace.start("etcd", { file: "sh", args: ["-c", "echo out; echo err >&2"] });
  await logged("etcd", "out\nerr\n");
});

test("start() passes each argument as it is, whatever the shell would make of it", async () => {
  const args = ["%s\\n", "it's", '"two words"', "$HOME", "`id`", "a\\b", "*", ";", ""];
  await workspace.start("words", { file: "printf", args });
  await logged("words", `it's\n"two words"\n$HOME\n\`id\`\na\\b\n*\n;\n\n`);
});

test("start() adds to the environment of this process", async () => {
  const env = { GREETING: "it's me" };
  await workspace.start("env", { file: "sh", args: ["-c", 'echo "$GREETING, $PATH"'], env });
  await logged("env", `it's me, ${process.env.PATH}\n`);
});

test("start() runs each process in the workspace's folder", async () => {
  await workspace.start("pwd", { file: "pwd", args: [] });
  await logged("pwd", `${workspace.directory}\n`);
});

test("start() refuses a line break: the guardian reads one process per line", async () => {
  await expect(workspace.start("echo", { file: "echo", args: ["a\nb"] })).rejects.toThrow(
    new RangeError("Cannot pass a line break to a process: write a file"),
  );
});

test("assertRunning() lets processes be that run", async () => {
  await workspace.start("one", { file: "sleep", args: ["600"] });
  await workspace.start("two", { file: "sleep", args: ["600"] });
  expect(workspace.assertRunning).not.toThrow();
});

test("assertRunning() throws the last words of a process that ended by itself", async () => {
  await workspace.start("apiserver", { file: "sleep", args: ["600"] });
  await workspace.start("etcd", { file: "sh", args: ["-c", "seq 4; exit 1"] });
  await vi.waitFor(
    () =>
      expect(workspace.assertRunning).toThrow(
        new SlipwayError(`The rehearsal's "etcd" has ended by itself: 2 | 3 | 4`),
      ),
    10_000,
  );
});

test("assertRunning() says that a process ended without a word", async () => {
  await workspace.start("etcd", { file: "true", args: [] });
  await vi.waitFor(() => expect(workspace.assertRunning).toThrow(/: it left no log$/), 10_000);
});

test("assertRunning() tells of a program that is not there", async () => {
  await workspace.start("etcd", { file: "/nowhere/etcd", args: [] });
  await vi.waitFor(
    () => expect(workspace.assertRunning).toThrow(/"etcd" has ended by itself: .*\/nowhere\/etcd/),
    10_000,
  );
});

test("assertRunning() lets a process end that somebody starts again", async () => {
  await workspace.start("operator", { file: "true", args: [], mayEnd: true });
  await vi.waitFor(() => expect(workspace.hasEnded("operator")).toBe(true), 10_000);
  expect(workspace.assertRunning).not.toThrow();

  await workspace.start("operator", { file: "true", args: [] });
  await vi.waitFor(() => expect(workspace.assertRunning).toThrow(/"operator" has ended/), 10_000);
});

test("hasEnded() is about the last process of a name, and false for one never started", async () => {
  expect(workspace.hasEnded("operator")).toBe(false);
  await workspace.start("operator", { file: "true", args: [], mayEnd: true });
  await vi.waitFor(() => expect(workspace.hasEnded("operator")).toBe(true), 10_000);

  await workspace.start("operator", { file: "sleep", args: ["600"], mayEnd: true });
  expect(workspace.hasEnded("operator")).toBe(false);
});

test("write() makes a file that only its owner reads, and the folders above it", () => {
  const path = workspace.write("pki/tokens.csv", "secret\n");
  expect(path).toBe(workspace.path("pki", "tokens.csv"));
  expect(readFileSync(path, "utf8")).toBe("secret\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("close() ends every process and removes the folder", async () => {
  const own = await openWorkspace();
  await own.start("sleep", { file: "sh", args: ["-c", "echo $$; exec sleep 600"] });
  await vi.waitFor(() => expect(own.log("sleep")).toMatch(/^\d+\n$/), 10_000);
  const id = Number(own.log("sleep"));
  expect(() => process.kill(id, 0)).not.toThrow();

  await own.close();
  expect(() => process.kill(id, 0)).toThrow();
  expect(existsSync(own.directory)).toBe(false);
});

test("close() may be called again", async () => {
  await workspace.close();
  await workspace.close();
  expect(existsSync(workspace.directory)).toBe(false);
});

test("freePorts() are all different, and none that an outgoing connection could take", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});
