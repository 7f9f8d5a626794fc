import { acceleratorsCheck } from "./accelerators/index.ts";
import { argoCheck } from "./argo/index.ts";
import { autoscalingCheck } from "./autoscaling/index.ts";
import type { Check } from "./check.ts";
import { connectionsCheck } from "./connections/index.ts";
import { layoutCheck } from "./layout.ts";
import { metricsCheck } from "./metrics/index.ts";
import { modelsCheck } from "./models/index.ts";
import { policiesCheck } from "./policies.ts";
import { schemaChecks } from "./schema/index.ts";
import { upstreamChecks } from "./upstream/index.ts";
import { variablesCheck } from "./variables/index.ts";

/** A target that does not render: what the renderer found instead of resources. */
const renderCheck: Check = {
  id: "render",
  description: "Every target renders",
  run: ({ renderings }) => ({
    status: "ran",
    findings: renderings.flatMap(({ findings }) => findings),
  }),
};

/** Every check of `slipway check`, in the order in which a report lists them. */
export const checks: readonly Check[] = [
  layoutCheck,
  renderCheck,
  ...schemaChecks,
  argoCheck,
  ...upstreamChecks,
  acceleratorsCheck,
  autoscalingCheck,
  modelsCheck,
  variablesCheck,
  policiesCheck,
  connectionsCheck,
  metricsCheck,
];
