import { certManager } from "./cert-manager.ts";
import { keda } from "./keda.ts";
import type { Program } from "./program.ts";
import { prometheusOperator } from "./prometheus-operator.ts";
import { sealedSecrets } from "./sealed-secrets.ts";

/** Every operator that a rehearsal runs for real; the others are Deployments of simulated pods. */
export const programs: readonly Program[] = [
  ...certManager,
  ...keda,
  prometheusOperator,
  sealedSecrets,
];
