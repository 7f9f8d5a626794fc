import { text } from "node:stream/consumers";
import { SlipwayError } from "../errors.ts";

/** All of standard input. */
export async function readStandardInput(): Promise<string> {
  return await text(process.stdin);
}

/** Whether a person sits at the other end of standard input. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true;
}

/** Asks on the terminal and reads one line that is not shown. Throws a `SlipwayError` on Ctrl-C. */
export async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let line = "";
      const onData = (chunk: Buffer) => {
        for (const character of chunk.toString("utf8")) {
          if (character === CONTROL_C || character === CONTROL_D) {
            stdin.off("data", onData);
            reject(new SlipwayError("Stopped: nothing was written"));
          } else if (character === "\r" || character === "\n") {
            stdin.off("data", onData);
            resolve(line);
          } else if (character === DELETE || character === "\b") line = line.slice(0, -1);
          else line += character;
        }
      };
      stdin.on("data", onData);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write("\n");
  }
}

const CONTROL_C = "\u0003";
const CONTROL_D = "\u0004";
const DELETE = "\u007f";
