import type { Rendering } from "../../render/render.ts";
import type { Tree } from "../../tree/tree.ts";
import type { Check } from "../check.ts";
import type { Finding } from "../finding.ts";
import { addressFindings, endpointsOf } from "./addresses.ts";
import { brokersOf } from "./broker.ts";
import { queueUses } from "./pipelines.ts";
import { programsOf } from "./programs.ts";
import { queueFindings } from "./queues.ts";
import { scalerFindings } from "./scalers.ts";
import { secretFindings, secretsOf } from "./secrets.ts";
import { userFindings } from "./users.ts";

/** Says whether what a program connects to has the name that the program calls it by. */
export const connectionsCheck: Check = {
  id: "connections",
  description:
    "Queues, users, databases, Services and keys of Secrets are there under the names that programs use",
  run: ({ tree, renderings }) => ({
    status: "ran",
    findings: renderings.flatMap((rendering) => connectionFindings(tree, rendering)),
  }),
};

/** What does not fit together among the resources of one target. */
function connectionFindings(tree: Tree, { resources }: Rendering): Finding[] {
  const secrets = secretsOf(resources);
  const brokers = brokersOf(resources, secrets);
  const programs = programsOf(resources, secrets);
  const uses = brokers.clusters.size === 0 ? [] : programs.flatMap((one) => queueUses(tree, one));
  return [
    ...secretFindings(resources, secrets),
    ...addressFindings(programs, endpointsOf(resources), brokers, secrets),
    ...queueFindings(brokers, uses),
    ...userFindings(brokers),
    ...scalerFindings(resources, secrets, brokers, uses),
  ];
}
