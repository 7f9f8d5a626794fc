import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run, runOrThrow } from "../../scripts/tools/process.ts";
import { repository, withApplications } from "./open.ts";

const main = join(process.cwd(), "scripts", "main.ts");
let clone: string;

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), "slipway-test-"));
  for (const directory of ["apps", "base", "clusters", "overlays"]) {
    cpSync(directory, join(clone, directory), { recursive: true });
  }
  const few = [
    "argocd",
    "llm-runner-router",
    "node-pools",
    "prometheus-operator",
    "sealed-secrets",
  ];
  for (const [file, text] of Object.entries(withApplications(repository, "dev", few))) {
    writeFileSync(join(clone, file), text);
  }
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "test");
  await git("config", "user.email", "test@slipway.invalid");
  await commitAll("the release before");
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

it("rehearse --from REF upgrades the same cluster and names what was refused as immutable", async () => {
  const file = "base/llm-runner-router/deployment.yaml";
  const before = readFileSync(join(clone, file), "utf8");
  const changed = before.replaceAll("component: api\n", "component: server\n");
  writeFileSync(join(clone, file), changed);
  const { stdout, exitCode } = await slipway("rehearse", "dev", "--from", "HEAD");
  writeFileSync(join(clone, file), before);

  expect(stdout).toContain("healthy, with simulated parts");
  expect(stdout).toMatch(/field is immutable\n +at base\/llm-runner-router\/deployment\.yaml:\d+/);
  expect(stdout).toMatch(/pruned +nothing/);
  expect(stdout).toMatch(/recreated +nothing/);
  expect(exitCode).toBe(1);
});

it("rehearse --from REF --keep takes an operator to its next minor version, then syncs what is pushed, and Ctrl-C leaves nothing behind", async () => {
  const operator = ["argocd", "cloudnative-pg", "node-pools", "prometheus-operator"];
  for (const [file, text] of Object.entries(withApplications(repository, "dev", operator))) {
    writeFileSync(join(clone, file), text);
  }
  const file = join(clone, "apps/dev/cloudnative-pg.yaml");
  const now = readFileSync(file, "utf8");
  writeFileSync(file, now.replaceAll("1.30.0", "1.29.0"));
  await commitAll("a minor version before");
  writeFileSync(file, now);

  const process_ = start("rehearse", "dev", "--from", "HEAD", "--keep");
  const output = collect(process_);
  await output.contains("git push --force");
  expect(output.text()).toMatch(
    /cloudnative-pg +sync succeeds.*from HEAD.*cloudnative-pg +sync succeeds/s,
  );
  expect(output.text().split("healthy, with simulated parts")).toHaveLength(3);
  expect(output.text()).toMatch(/pruned +nothing/);
  expect(output.text()).toMatch(/recreated +nothing/);
  const [, inbox = ""] = /git push --force (\S+)/.exec(output.text()) ?? [];
  const folder = dirname(inbox);
  expect(processesOf(folder)).not.toEqual([]);

  const monitor = join(clone, "base/cloudnative-pg/pod-monitor.yaml");
  const noted = "  annotations:\n    example.com/note: read\n";
  writeFileSync(monitor, readFileSync(monitor, "utf8").replace("  annotations:\n", noted));
  await commitAll("a note");
  await git("push", "--quiet", "--force", inbox, "HEAD:main");
  await output.contains("a push");
  await output.containsTimes("healthy, with simulated parts", 3);

  process_.kill("SIGINT");
  await expect.poll(() => existsSync(folder), { timeout: 15_000 }).toBe(false);
  expect(processesOf(folder)).toEqual([]);
});

it("a killed rehearsal ends its processes and removes its folder all the same", async () => {
  const before = folders();
  const process_ = start("rehearse", "dev");
  await expect
    .poll(() => folders().filter((name) => !before.includes(name)).length, { timeout: 60_000 })
    .toBe(1);
  const [name = ""] = folders().filter((each) => !before.includes(each));
  const folder = join(tmpdir(), name);
  await expect.poll(() => processesOf(folder).length, { timeout: 60_000 }).toBeGreaterThan(2);

  process_.kill("SIGKILL");
  await expect.poll(() => existsSync(folder), { timeout: 15_000 }).toBe(false);
  expect(processesOf(folder)).toEqual([]);
});

function folders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("slipway-rehearsal-"));
}

/** Command lines that name a rehearsal's folder; its guardian is one of them until the end. */
function processesOf(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(folder));
}

function git(...args: readonly string[]): Promise<string> {
  return runOrThrow("git", ["-C", clone, ...args]);
}

async function commitAll(message: string): Promise<void> {
  await git("add", "--all");
  await git("commit", "--quiet", "--message", message);
}

function slipway(...args: readonly string[]) {
  return run(process.execPath, ["run", "-A", main, ...args], { cwd: clone });
}

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["run", "-A", main, ...args], {
    cwd: clone,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Collects what a process prints; waits for a text, at most as long as a rehearsal may take. */
function collect(child: ChildProcess) {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const times = (part: string) => text.split(part).length - 1;
  const containsTimes = (part: string, count: number) =>
    expect.poll(() => times(part), { timeout: 200_000, interval: 200 }).toBe(count);
  return { text: () => text, containsTimes, contains: (part: string) => containsTimes(part, 1) };
}
