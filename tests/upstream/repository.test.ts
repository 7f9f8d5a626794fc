import { expect, test } from "vitest";
import { runChecks } from "../../scripts/checks/run.ts";
import { upstreamChecks } from "../../scripts/checks/upstream/index.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import type { Report } from "../../scripts/reporters/report.ts";
import type { Tree } from "../../scripts/tree/tree.ts";
import { renderUpstreams } from "../../scripts/upstream/upstreams.ts";
import { type Change, mutate, removeLine, replace } from "../support/mutate.ts";

/** Seven operators, each from its own repository, rendered for the first time. */
const patience = 180_000;

async function check(tree: Tree, environments = ["dev", "staging", "prod"]): Promise<Report> {
  const fleet = readFleet(tree);
  return await runChecks({
    tree,
    fleet,
    targets: fleet.targets.filter(({ environment }) => environments.includes(environment)),
    render: renderTargets,
    renderUpstreams,
    checks: upstreamChecks,
    skip: [],
    clock: () => 0,
  });
}

test.each<[string, Readonly<Record<string, Change>>, string[]]>([
  [
    "an image override is missing",
    { "apps/dev/keda.yaml": removeLine("          - ghcr.io/kedacore/keda:2.21.0") },
    ["upstream-image apps/dev/keda.yaml"],
  ],
  [
    "an image override names the image as it comes out, not as it goes in",
    {
      "apps/dev/rabbitmq-operators.yaml": replace(
        "rabbitmqoperator/cluster-operator-dev=ghcr",
        "ghcr",
      ),
    },
    ["upstream-image apps/dev/rabbitmq-operators.yaml"],
  ],
  [
    "a chart's image is not overridden",
    {
      "apps/dev/cert-manager.yaml": replace(
        "          - name: acmesolver.image.tag\n            value: v1.21.2\n",
        "",
      ),
    },
    ["upstream-image apps/dev/cert-manager.yaml"],
  ],
  [
    "a chart knows no such value",
    { "apps/dev/cert-manager.yaml": replace("name: webhook.image.tag", "name: webhok.image.tag") },
    ["upstream-render apps/dev/cert-manager.yaml"],
  ],
  [
    "upstream's Namespace is left in",
    { "base/keda/application/patch-upstream.yaml": replace("        $patch: delete\n", "") },
    [
      "argo-project-kind base/argocd/app-project-keda.yaml",
      "object-owned-twice base/namespaces/namespace-keda.yaml",
    ],
  ],
  [
    "a project does not permit a name",
    { "base/argocd/app-project-keda.yaml": replace('name: "keda:*"', 'name: "keda:none"') },
    ["argo-project-kind base/argocd/app-project-keda.yaml"],
  ],
  [
    "a source's path is misspelt",
    { "apps/dev/keda.yaml": replace("config/default", "config/defualt") },
    ["upstream-render apps/dev/keda.yaml"],
  ],
])(
  "the checks see it where %s",
  async (_, changes, expected) => {
    const { findings } = await check(mutate(changes), ["dev"]);
    const told = findings.map(({ rule, place }) => `${rule} ${place.file}`);
    expect([...new Set(told)].sort()).toEqual(expected);
  },
  patience,
);

test(
  "the checks see it where monitors are synced before their kind",
  async () => {
    const late = replace('sync-wave: "-4"', 'sync-wave: "3"');
    const { findings } = await check(mutate({ "apps/dev/prometheus-operator.yaml": late }), [
      "dev",
    ]);
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(["kind-before-definition"]));
  },
  patience,
);
