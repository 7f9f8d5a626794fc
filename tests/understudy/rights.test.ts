import { expect, it } from "vitest";
import { valueAt } from "../../policies/values.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";

/** Whose rights they are, where they hold, and what the backend's code calls there: by hand from that code. */
const rights: readonly string[] = [
  "backend-service in understudy: apps/deployments create delete get list",
  "backend-service in understudy: autoscaling/horizontalpodautoscalers create delete",
  "backend-service in understudy: batch/jobs create delete list",
  "backend-service in understudy: core/services create delete",
  "backend-service everywhere: core/nodes list",
];

type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};
type Subject = { readonly kind: string; readonly name: string; readonly namespace: string };

const rendered = await renderTargets(
  repository,
  readFleet(repository).targets.filter(({ app }) => app === "understudy"),
);

it.each(rendered.map(({ target, resources }) => [target.environment, resources] as const))(
  "in %s the backend has the verbs that its code uses, and no other account has any",
  (_, resources) => {
    const manifests = resources.map(({ manifest }) => manifest);
    const granted = manifests
      .filter(({ kind }) => /^(Cluster)?RoleBinding$/.test(kind))
      .flatMap((binding) => {
        const role = valueAt(binding, ["roleRef"]) as { kind: string; name: string };
        const { namespace } = binding.metadata;
        const rules = manifests
          .filter(({ kind, metadata }) => kind === role.kind && metadata.name === role.name)
          .flatMap((found) => valueAt(found, ["rules"]) as readonly Rule[]);
        return (valueAt(binding, ["subjects"]) as readonly Subject[]).flatMap((subject) =>
          rules.map((rule) => printRight(subject, namespace, rule)),
        );
      });
    expect(granted.sort()).toEqual([...rights].sort());
  },
);

function printRight({ name }: Subject, namespace: string | undefined, rule: Rule): string {
  const groups = rule.apiGroups.map((group) => group || "core").join();
  const place = namespace === undefined ? "everywhere" : `in ${namespace}`;
  const verbs = [...rule.verbs].sort().join(" ");
  return `${name} ${place}: ${groups}/${rule.resources.join()} ${verbs}`;
}
