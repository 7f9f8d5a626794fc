import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runOrThrow } from "../tools/process.ts";
import { type Tree, walk } from "../tree/tree.ts";
import type { Workspace } from "./workspace.ts";

/** A bare git repository of the rehearsal, on disk: what Argo CD reads by `file://`. */
export type Repository = {
  readonly url: string;
  /** Makes the tree's content the branch's next commit; returns the commit's id. */
  readonly commit: (
    tree: Tree,
    message: string,
    directories?: readonly string[],
  ) => Promise<string>;
  /** Names the newest commit; a name given before moves. */
  readonly tag: (name: string) => Promise<void>;
};

export const BRANCH = "main";

/** The directories that Argo CD reads. */
const deployed = ["apps", "base", "clusters", "overlays"];

/** Makes an empty repository `<name>.git` in the workspace. */
export async function createRepository(workspace: Workspace, name: string): Promise<Repository> {
  const bare = workspace.path(`${name}.git`);
  const work = workspace.path(`${name}.work`);
  const git = (...args: readonly string[]) => runOrThrow("git", args, { env: gitEnvironment() });
  await git("init", "--quiet", "--bare", `--initial-branch=${BRANCH}`, bare);
  await git("init", "--quiet", `--initial-branch=${BRANCH}`, work);
  return {
    url: `file://${bare}`,
    async commit(tree, message, directories = deployed) {
      await git("-C", work, "rm", "-r", "--quiet", "--ignore-unmatch", ".");
      writeTree(tree, directories, work);
      await git("-C", work, "add", "--all", "--force");
      await git("-C", work, "commit", "--quiet", "--allow-empty", `--message=${message}`);
      await git("-C", work, "push", "--quiet", bare, BRANCH);
      return (await git("-C", work, "rev-parse", "HEAD")).trim();
    },
    async tag(revision) {
      await git("-C", bare, "tag", "--force", revision, BRANCH);
    },
  };
}

/**
 * Makes the repository that a person pushes to: each push writes its commit's id to the file
 * `pushed`, which `onPush` reads. Argo CD never reads this one: what it holds names no local URLs.
 */
export async function createInbox(workspace: Workspace): Promise<string> {
  const inbox = workspace.path("push.git");
  const git = (...args: readonly string[]) => runOrThrow("git", args, { env: gitEnvironment() });
  await git("init", "--quiet", "--bare", `--initial-branch=${BRANCH}`, inbox);
  const hook = join(inbox, "hooks", "post-receive");
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(
    hook,
    `#!/bin/sh\nwhile read -r old new ref; do echo "$new" > '${workspace.path("pushed")}'; done\n`,
  );
  chmodSync(hook, 0o755);
  return inbox;
}

function writeTree(tree: Tree, directories: readonly string[], folder: string): void {
  for (const file of directories.flatMap((directory) => [...walk(tree, directory)])) {
    const content = tree.read(file);
    if (content === undefined) continue;
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Nothing of a person's own git settings (hooks, signing, templates) may change a rehearsal. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const name = "slipway rehearsal";
  const email = "rehearsal@slipway.invalid";
  return {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}
