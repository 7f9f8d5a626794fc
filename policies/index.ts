import { dataKept } from "./data-kept.ts";
import { disruptionBudget } from "./disruption-budget.ts";
import { imagePinned } from "./image-pinned.ts";
import { labelsStandard } from "./labels-standard.ts";
import { podSecurityRestricted } from "./pod-security-restricted.ts";
import type { Policy } from "./policy.ts";
import { probesSet } from "./probes-set.ts";
import { replicasAutoscaled } from "./replicas-autoscaled.ts";
import { resourcesSet } from "./resources-set.ts";
import { secretLiteral } from "./secret-literal.ts";
import { serviceAccountToken } from "./service-account-token.ts";
import { userNumeric } from "./user-numeric.ts";

/** Every rule about rendered resources. A new one is its file, its line here and its fixtures. */
export const policies: readonly Policy[] = [
  dataKept,
  disruptionBudget,
  imagePinned,
  labelsStandard,
  podSecurityRestricted,
  probesSet,
  replicasAutoscaled,
  resourcesSet,
  secretLiteral,
  serviceAccountToken,
  userNumeric,
];
