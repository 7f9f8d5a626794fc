import { Option } from "commander";
import type { Render } from "../render/render.ts";
import { prepare } from "./prepare.ts";

/** Who renders: our own engine, or the real kustomize beside it. */
export type Engine = "slipway" | "kustomize";

/** `--engine`: for whoever doubts that both print the same. */
export function engineOption(description: string): Option {
  return new Option("--engine <name>", description)
    .choices(["slipway", "kustomize"])
    .default("slipway");
}

/** The renderer of that name, ready to run. */
export async function engine(name: Engine): Promise<Render> {
  if (name === "slipway") return (await import("../render/targets.ts")).renderTargets;
  await prepare("kustomize");
  return (await import("../render/oracle.ts")).renderWithKustomize;
}
