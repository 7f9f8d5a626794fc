import { setTimeout as delay } from "node:timers/promises";
import { SlipwayError } from "../errors.ts";
import { run } from "../tools/process.ts";
import type { BootstrapStep } from "./plan.ts";

/** How kubectl is called: its path and what picks the cluster. */
export type Kubectl = {
  readonly file: string;
  /** `--kubeconfig=…`, `--context=…` */
  readonly args: readonly string[];
};

/** The command of a step as a person would type it; what it reads from standard input is named. */
export function formatStep({ args, input, what }: BootstrapStep, kubectl: Kubectl): string {
  const count = input && (input.length === 1 ? "1 object" : `${input.length} objects`);
  const purpose = count === undefined ? what : `${count}: ${what}`;
  return `${["kubectl", ...kubectl.args, ...args].join(" ")}\n    # ${purpose}`;
}

/** Runs the steps in order; the first that fails ends it with kubectl's own words. */
export async function runBootstrap(
  steps: readonly BootstrapStep[],
  kubectl: Kubectl,
  onStep: (step: BootstrapStep) => void,
): Promise<void> {
  for (const step of steps) {
    onStep(step);
    const input =
      step.input && JSON.stringify({ apiVersion: "v1", kind: "List", items: step.input });
    const call = () => run(kubectl.file, [...kubectl.args, ...step.args], { input: input ?? "" });
    let { exitCode, stderr } = await call();
    for (let attempt = 1; exitCode !== 0 && attempt < (step.attempts ?? 1); attempt += 1) {
      await delay(500);
      ({ exitCode, stderr } = await call());
    }
    if (exitCode === 0) continue;
    throw new SlipwayError(`Cannot install ${step.what}: kubectl says: ${stderr.trim()}`);
  }
}
