import type { ToolName } from "../tools/tools.ts";
import { argocdTools } from "./argocd.ts";
import { controlPlaneTools } from "./control-plane.ts";
import { programs } from "./programs/index.ts";

/** Every tool that a rehearsal starts, in the order in which they are built. */
export const rehearsalTools: readonly ToolName[] = [
  ...new Set<ToolName>([
    ...controlPlaneTools,
    ...argocdTools,
    ...programs.map(({ tool }) => tool),
    "kubectl",
    "kwok",
  ]),
];
