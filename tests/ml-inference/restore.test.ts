import { expect, it } from "vitest";
import { connectionsCheck } from "../../scripts/checks/connections/index.ts";
import { schemaChecks } from "../../scripts/checks/schema/index.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { readText } from "../../scripts/tree/tree.ts";
import { valueAt } from "../../scripts/yaml/value.ts";
import { findingsAfter, mutate, replace, repository } from "../support/mutate.ts";

const readme = readText(repository, "base/ml-inference/README.md") ?? "";
const [, spec = ""] = /```yaml\n(spec:\n {2}bootstrap:[\s\S]*?)```/.exec(readme) ?? [];
const patch = "overlays/prod/ml-inference/patch-database.yaml";
const checks = [connectionsCheck, ...schemaChecks.filter(({ id }) => id !== "schema-kubeconform")];

it("what the README adds to the database's patch recovers the database, its owner and the password of the programs", async () => {
  const tree = mutate({ [patch]: replace("spec:\n", spec) });
  const targets = readFleet(tree).targets.filter(
    ({ directory }) => directory === "overlays/prod/ml-inference",
  );
  const [rendering] = await renderTargets(tree, targets);
  const cluster = rendering?.resources.find(({ manifest }) => manifest.kind === "Cluster");
  expect(valueAt(cluster?.manifest, ["spec", "bootstrap"])).toEqual({
    recovery: {
      volumeSnapshots: {
        storage: {
          apiGroup: "snapshot.storage.k8s.io",
          kind: "VolumeSnapshot",
          name: expect.stringMatching(/^postgresql-/),
        },
      },
      database: "mlservice",
      owner: "mlservice",
      secret: { name: "postgres-credentials" },
    },
  });
});

it("it fits the schema of a Cluster, and a field that is misspelt would not", async () => {
  expect(await findingsAfter({ [patch]: replace("spec:\n", spec) }, checks)).toEqual([]);
  const misspelt = spec.replace("volumeSnapshots:", "volumeSnapshot:");
  const findings = await findingsAfter({ [patch]: replace("spec:\n", misspelt) }, checks);
  expect(findings.map(({ message }) => message).join()).toContain("volumeSnapshots");
});
