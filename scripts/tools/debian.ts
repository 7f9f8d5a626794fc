import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors.ts";
import { run } from "./process.ts";
import { cacheDirectory } from "./tool.ts";

/** Debian packages as files: unpacked below a folder where this machine has not installed them. */
export type Packages = {
  /** The path of a file by a pattern below the root, since versions are part of many names. */
  readonly find: (glob: string) => string;
  /** Where the unpacked programs find their libraries: the value for `LD_LIBRARY_PATH`. */
  readonly libraries: string;
};

/**
 * Downloads packages with what they depend on and unpacks them into the cache. Nothing is installed, no
 * service starts and root is not needed; apt verifies what it downloads by Debian's signatures.
 */
export async function debianPackages(names: readonly string[]): Promise<Packages> {
  const folder = join(cacheDirectory(), "debian", keyOf(names));
  if (!existsSync(folder)) await unpack(names, folder);
  return {
    libraries: globSync(join(folder, "usr/lib/*-linux-gnu")).join(":"),
    find(glob) {
      for (const root of [folder, "/"]) {
        const found = globSync(join(root, glob)).sort().at(-1);
        if (found !== undefined) return found;
      }
      throw new SlipwayError(
        `Cannot find "${glob}" in the packages ${names.join(", ")}: remove "${folder}" to download them again`,
      );
    },
  };
}

/** What a release of Debian calls its packages, and which it has, differs. */
function keyOf(names: readonly string[]): string {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return createHash("sha256").update(`${release} ${names}`).digest("hex").slice(0, 12);
}

async function unpack(names: readonly string[], folder: string): Promise<void> {
  for (const program of ["apt-get", "dpkg-deb"]) {
    // Bash ends with 127 where there is no such program
    if ((await run(program, ["--version"])).exitCode !== 127) continue;
    throw new SlipwayError(
      `Cannot get ${names.join(", ")}: there is no ${program} on PATH; run this on Debian or Ubuntu, or in a container of one of them`,
    );
  }
  const apt = `${folder}.${process.pid}.apt`;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(join(apt, "archives/partial"), { recursive: true });
  mkdirSync(join(apt, "lists/partial"), { recursive: true });
  mkdirSync(unfinished);
  // Folders of our own in the place of the system's, which belong to root and to other runs of apt.
  const options = [
    ["-o", `Dir::Cache=${apt}`],
    ["-o", `Dir::State::lists=${join(apt, "lists")}`],
    ["-o", "Debug::NoLocking=1"],
    ["-o", "APT::Sandbox::User="],
  ].flat();
  try {
    await must(names, "apt-get", ["-qq", ...options, "update"]);
    await must(names, "apt-get", [
      ...["-qq", "--yes", "--no-install-recommends", "--download-only", ...options],
      ...["install", ...names],
    ]);
    for (const file of globSync(join(apt, "archives/*.deb"))) {
      await must(names, "dpkg-deb", ["--extract", file, unfinished]);
    }
    renameSync(unfinished, folder);
  } finally {
    for (const leftover of [apt, unfinished]) rmSync(leftover, { recursive: true, force: true });
  }
}

async function must(names: readonly string[], file: string, args: readonly string[]) {
  const { exitCode, stderr } = await run(file, args);
  if (exitCode === 0) return;
  throw new SlipwayError(
    `Cannot get ${names.join(", ")}: ${file} ended with ${exitCode}: ${stderr.trim()}; look at the package mirrors of this machine`,
  );
}
