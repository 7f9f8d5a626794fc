import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { SlipwayError } from "../errors.ts";
import type { Plan } from "../plan.ts";

/** Writes what a plan says below the repository's root. Each file changes whole or not at all. */
export function applyPlan(root: string, { writes, deletes }: Plan): void {
  for (const { file, content } of writes) {
    const path = join(root, file);
    const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, content);
    renameSync(unfinished, path);
  }
  for (const file of deletes) rmSync(join(root, file), { force: true });
}

/** Throws a `SlipwayError` where a private key must not be written: inside the repository, or over a file. */
export function requireKeyFile(root: string, file: string): void {
  const failure = `Cannot write the private key to "${file}"`;
  const directory = dirname(resolve(file));
  if (!existsSync(directory)) {
    throw new SlipwayError(`${failure}: there is no directory "${directory}"; make it first`);
  }
  const real = join(realpathSync(directory), basename(file));
  if (real.startsWith(realpathSync(root) + sep)) {
    throw new SlipwayError(
      `${failure}: it is inside the repository "${root}"; name a file outside, where git cannot pick it up`,
    );
  }
  if (existsSync(real)) {
    throw new SlipwayError(
      `${failure}: the file exists, and a private key is not replaced; name another`,
    );
  }
}

/** Writes a private key that only its owner may read. The file must not exist. */
export function writeKeyFile(root: string, file: string, privateKey: string): void {
  requireKeyFile(root, file);
  writeFileSync(file, privateKey, { mode: 0o600, flag: "wx" });
}

/** Reads a file that an option names. Throws a `SlipwayError` that names both. */
export function readOptionFile(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlipwayError(`Cannot read the file of "${option}": ${reason}`);
  }
}
