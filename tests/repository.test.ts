import { expect, test } from "vitest";
import { checks } from "../scripts/checks/index.ts";
import { runChecks } from "../scripts/checks/run.ts";
import { readFleet } from "../scripts/fleet/fleet.ts";
import { renderTargets } from "../scripts/render/targets.ts";
import { renderUpstreams } from "../scripts/upstream/upstreams.ts";
import { repository } from "./support/mutate.ts";

test("every check finds this repository in order, and none is skipped", async () => {
  const fleet = readFleet(repository);
  const report = await runChecks({
    tree: repository,
    fleet,
    targets: fleet.targets,
    render: renderTargets,
    renderUpstreams,
    checks,
    skip: [],
    clock: () => 0,
  });
  expect(report.findings).toEqual([]);
  expect(report.checks).toEqual(checks.map(({ id }) => ({ id, status: "ran" })));
}, 180_000);
