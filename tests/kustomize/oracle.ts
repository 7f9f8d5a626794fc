import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { tool } from "../../scripts/tools/tool.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

export type Options = {
  readonly reorder?: "none" | "legacy";
  readonly loadRestrictor?: "LoadRestrictionsRootOnly" | "LoadRestrictionsNone";
  readonly managedByLabel?: boolean;
};

/** What a build ends with: the bytes it prints, or why there are none. */
export type Outcome = { readonly output: string } | { readonly error: string };

export type Oracle = {
  readonly build: (files: Files, directory: string, options?: Options) => Promise<Outcome>;
  readonly close: () => void;
};

/** Real kustomize as one process that builds any number of file trees, a few milliseconds each. */
export async function openOracle(): Promise<Oracle> {
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
