// Installs what package-lock.json locks, once per change of it. Plain JavaScript without
// dependencies, for Node 20; package.json calls it by name, since `ignore-scripts` in .npmrc turns
// pre- and post-scripts off.
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { linkSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const stamp = join(modules, ".slipway");
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The dependencies could not be installed; the message is all there is to say. */
export class InstallError extends Error {}

/** Makes `node_modules` what package-lock.json says; does nothing where it is. */
export async function install() {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const key = hash(`${process.platform} ${process.arch} ${lock}`);
  if (read(stamp) === key) return;
  await alone(async (share) => {
    if (read(stamp) === key) return;
    if (!isInstalled(lock)) await npmCi(share);
    writeFileSync(stamp, key);
  });
}

async function npmCi(share) {
  console.error("Installing the packages that package-lock.json locks, about 15 s");
  const npm = spawn(
    "npm",
    // The development dependencies are what `npm test` runs.
    ["ci", "--include=dev", "--loglevel=error", "--no-progress"],
    // npm is a batch file on Windows.
    { cwd: root, stdio: ["ignore", "ignore", "pipe"], shell: process.platform === "win32" },
  );
  share(npm.pid);
  const stop = (signal) => npm.kill(signal);
  for (const signal of signals) process.on(signal, stop);
  const said = [];
  npm.stderr.setEncoding("utf8").on("data", (text) => said.push(text));
  // Fails where there is no npm to start.
  const [code, signal] = await once(npm, "close").catch(({ message }) => [message]);
  for (const name of signals) process.off(name, stop);
  if (code === 0) return;
  const reason = signal ? `it was ended by ${signal}` : said.join("").trim() || code;
  throw new InstallError(`Cannot install the dependencies: npm ci says: ${reason}`);
}

/** Whether npm's own record of `node_modules` agrees, as after `npm ci` or `npm install` by hand. */
function isInstalled(lock) {
  const record = read(join(modules, ".package-lock.json"));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    if (path === "" || !isMeantFor(wanted)) return true;
    return installed[path]?.version === wanted.version;
  });
}

function isMeantFor({ os, cpu, libc, optional }) {
  // Which C library this is takes too long to find out; such a package always has a twin.
  if (libc !== undefined) return false;
  // What only another platform's package needs is not marked with that platform.
  if (optional && os === undefined && cpu === undefined) return false;
  return (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true);
}

/**
 * Runs a function while no other process of this machine does so for this checkout. The lock is also
 * that of the process it shares it with, which may outlive this one.
 */
async function alone(action) {
  const lock = join(tmpdir(), `slipway-install-${hash(realpathSync(root)).slice(0, 16)}`);
  const own = `${lock}.${randomUUID()}`;
  writeFileSync(own, String(process.pid), { flag: "wx" });
  try {
    await acquire(lock, own);
    try {
      await action((pid) => writeFileSync(own, `${process.pid} ${pid}`));
    } finally {
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

async function acquire(lock, own) {
  for (let told = false; !take(lock, own); ) {
    const holders = read(lock)?.split(" ") ?? [];
    if (holders.length > 0 && !holders.some(isAlive)) rmSync(lock, { force: true });
    else {
      if (!told) console.error("Waiting for another process, which installs the packages");
      told = true;
      await setTimeout(200);
    }
  }
}

/** A link appears with its content or not at all, so a lock always says whose it is. */
function take(lock, own) {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The text of a file, or undefined where there is none. */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function hash(text) {
  return createHash("sha256").update(text).digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await install();
  } catch (error) {
    process.exitCode = 2;
    console.error(error instanceof InstallError ? error.message : error);
  }
}
