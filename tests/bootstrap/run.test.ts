import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BootstrapStep } from "../../scripts/bootstrap/plan.ts";
import { formatStep, runBootstrap } from "../../scripts/bootstrap/run.ts";
import { SlipwayError } from "../../scripts/errors.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { folder } from "../tree/folder.ts";

const namespace: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd" } };

const apply: BootstrapStep = {
  what: "the namespaces",
  args: ["apply", "--server-side", "--filename=-"],
  input: [namespace],
};
const wait: BootstrapStep = { what: "until it is there", args: ["wait", "crd", "--all"] };

test("formatStep() is the command as a person would type it, and what it is for", () => {
  const kubectl = { file: "/cache/kubectl", args: ["--context=dev"] };
  const two = { ...apply, input: [namespace, namespace] };
  const steps = [apply, two, wait];
  expect(steps.map((step) => formatStep(step, kubectl)).join("\n")).toMatchInlineSnapshot(`
    "kubectl --context=dev apply --server-side --filename=-
        # 1 object: the namespaces
    kubectl --context=dev apply --server-side --filename=-
        # 2 objects: the namespaces
    kubectl --context=dev wait crd --all
        # until it is there"
  `);
});

/** A program in the place of kubectl, and the folder it runs its script in. */
function kubectl(script: string) {
  const root = folder({ kubectl: `#!/bin/sh\ncd "$(dirname "$0")"\n${script}\n` });
  const file = join(root, "kubectl");
  chmodSync(file, 0o755);
  return { root, file, args: ["--context=dev"] };
}

test("runBootstrap() calls kubectl step by step, with the objects of each as one List", async () => {
  const fake = kubectl('echo "$@" >> calls; cat >> calls; echo >> calls');
  const told: string[] = [];
  await runBootstrap([apply, wait], fake, ({ what }) => told.push(what));
  expect(told).toEqual(["the namespaces", "until it is there"]);
  expect(readFileSync(join(fake.root, "calls"), "utf8")).toMatchInlineSnapshot(`
    "--context=dev apply --server-side --filename=-
    {"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"argocd"}}]}
    --context=dev wait crd --all

    "
  `);
});

test("runBootstrap() ends at the first step that fails, in kubectl's own words", async () => {
  const fake = kubectl('echo "$2" >> calls; echo "error: forbidden" >&2; exit 1');
  await expect(runBootstrap([apply, wait], fake, () => {})).rejects.toThrow(
    new SlipwayError("Cannot install the namespaces: kubectl says: error: forbidden"),
  );
  expect(readFileSync(join(fake.root, "calls"), "utf8")).toBe("apply\n");
});

test("runBootstrap() tries a step as often as it says", async () => {
  const fake = kubectl("[ -e tried ] || { touch tried; exit 1; }");
  await expect(runBootstrap([wait], fake, () => {})).rejects.toThrow(SlipwayError);
  expect(existsSync(join(fake.root, "tried"))).toBe(true);
  const again = kubectl("[ -e tried ] || { touch tried; exit 1; }");
  await runBootstrap([{ ...wait, attempts: 2 }], again, () => {});
});
