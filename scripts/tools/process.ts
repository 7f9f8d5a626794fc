import { $, type ProcessOutput } from "zx/core";

/** What a finished process left behind. */
export type Output = {
  readonly stdout: string;
  readonly stderr: string;
  /** -1 where the process was ended by a signal. */
  readonly exitCode: number;
};

export type RunOptions = {
  /** Text for standard input; it is never part of the command line. @default "" */
  readonly input?: string | Buffer;
  readonly cwd?: string;
  /** The whole environment of the process. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
};

/** Runs a program to its end. A failing exit code is an answer here, not an exception. */
export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Output> {
  const { input = "", ...rest } = options;
  // zx leaves standard input open where there is nothing to write: who reads it would wait for ever.
  const stdin = input.length === 0 ? "ignore" : "pipe";
  const output: ProcessOutput = await $({
    ...rest,
    input,
    quiet: true,
    nothrow: true,
    stdio: [stdin, "pipe", "pipe"],
  })`${file} ${args}`;
  return { stdout: output.stdout, stderr: output.stderr, exitCode: output.exitCode ?? -1 };
}

/** Runs a program whose failure is an exception with what it printed as its message. */
export async function runOrThrow(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { stdout, stderr, exitCode } = await run(file, args, options);
  if (exitCode === 0) return stdout;
  throw new Error(
    `${[file, ...args].join(" ")} ended with ${exitCode}: ${stderr.trim() || stdout.trim()}`,
  );
}

/** A process of its own group: Ctrl-C does not reach it, the end of its standard input does. */
export type Detached = {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly ended: Promise<void>;
};

/** Starts a program beside this one; its standard error is this process's. */
export function startDetached(file: string, args: readonly string[]): Detached {
  const started = $({
    detached: true,
    quiet: true,
    nothrow: true,
    stdio: ["pipe", "pipe", "inherit"],
  })`exec ${file} ${args}`;
  return {
    stdin: started.stdin,
    stdout: started.stdout,
    ended: started.then(() => undefined),
  };
}
