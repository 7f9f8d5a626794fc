import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

export type Files = Readonly<Record<string, string | Uint8Array>>;
export type Links = Readonly<Record<string, string>>;

/** A temporary folder with the given files, removed when the tests of the file are done. */
export function folder(files: Files, links: Links = {}): string {
  const root = mkdtempSync(join(tmpdir(), "slipway-tree-"));
  temporary.push(root);
  const place = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(place(path), content);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, place(path));
  return root;
}

/** A git repository whose only commit has the given files. */
export function repository(files: Files, links: Links = {}): string {
  const root = folder(files, links);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "pipe" });
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", "x");
  return root;
}

const temporary: string[] = [];
afterAll(() => {
  for (const path of temporary) rmSync(path, { recursive: true });
});
