import { type Path, type Resource, resourceId } from "../../fleet/resource.ts";
import type { JsonSchema } from "../../tools/schemas/json-schema.ts";
import type { Verdict } from "../../tools/schemas/kubeconform.ts";
import type { Check } from "../check.ts";
import type { Finding } from "../finding.ts";
import { unknownKind } from "./kinds.ts";
import { schemaOf } from "./own-schemas.ts";
import { explain } from "./sentences.ts";
import { readMessage, schemaAt } from "./verdict.ts";
import { verdictsOf } from "./verdicts.ts";

/** Everything that the schemas of Kubernetes and the operators refuse, found by kubeconform. */
export const schemaKubeconform: Check = {
  id: "schema-kubeconform",
  description: "Every object is valid by the API's and the operators' own schemas",
  startsProgram: true,
  async run(context) {
    const verdicts = await verdictsOf(context);
    if (verdicts.status === "skipped") return verdicts;
    const { refused, folder, extra } = verdicts;
    const findings = [...refused].flatMap(([resource, verdict]) =>
      toFindings(resource, verdict, schemaOf(resource, folder, extra)),
    );
    return { status: "ran", findings };
  },
};

function toFindings(
  resource: Resource,
  { status, message }: Verdict,
  schema: JsonSchema | undefined,
): Finding[] {
  if (status === "invalid") {
    const fieldsAt = (path: Path) =>
      schema && Object.keys(schemaAt(schema, path)?.properties ?? {});
    return explain(readMessage(message, schema), resource, fieldsAt);
  }
  if (message.startsWith("could not find schema")) return [unknownKind(resource).finding];
  throw new Error(`kubeconform cannot read ${resourceId(resource.manifest)}: ${message}`);
}
