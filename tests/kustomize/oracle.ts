import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterAll, beforeAll } from "vitest";
import { tool } from "../../scripts/tools/tool.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

export type Options = {
  readonly reorder?: "none" | "legacy";
  readonly loadRestrictor?: "LoadRestrictionsRootOnly" | "LoadRestrictionsNone";
  readonly managedByLabel?: boolean;
};

/** What a build ends with: the bytes it prints, or why there are none. */
export type Outcome = { readonly output: string } | { readonly error: string };

type Build = (files: Files, directory: string, options?: Options) => Promise<Outcome>;

type Oracle = { readonly build: Build; readonly close: () => void };

/**
 * Real kustomize for the tests of a file: one process, from before the first to after the last, that
 * builds any number of file trees, a few milliseconds each.
 */
export function useOracle(): { readonly build: Build } {
  let oracle: Oracle | undefined;
  beforeAll(async () => {
    oracle = await openOracle();
  });
  afterAll(() => oracle?.close());
  return {
    async build(...request) {
      if (oracle === undefined) throw new Error("The oracle answers inside of tests");
      return await oracle.build(...request);
    },
  };
}

async function openOracle(): Promise<Oracle> {
  const started = spawn(await tool("kustomize-oracle"), { stdio: ["pipe", "pipe", "ignore"] });
  const answers = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (request: object): Promise<Outcome> => {
    started.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error("kustomize ended before it answered");
    const { output, error } = JSON.parse(value) as { output: string; error?: string };
    return error === undefined ? { output } : { error };
  };
  return {
    build(files, directory, options = {}) {
      const encoded = Object.entries(files).map(([path, content]) => [
        path,
        Buffer.from(content).toString("base64"),
      ]);
      const answer = last.then(() =>
        ask({ files: Object.fromEntries(encoded), directory, ...options }),
      );
      last = answer.catch(() => {});
      return answer;
    },
    close: () => started.stdin.end(),
  };
}
