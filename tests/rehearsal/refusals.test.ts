import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareSnapshots, takeSnapshot } from "../../scripts/rehearsal/upgrade.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree } from "../../scripts/tree/tree.ts";
import { edited, lineOf, openQuietly, repository, withApplications } from "./open.ts";

const deployment = "base/llm-runner-router/deployment.yaml";
const route = "base/llm-runner-router/http-route.yaml";
const overlay = "overlays/dev/llm-runner-router";

let rehearsal: Awaited<ReturnType<typeof openQuietly>>;

const few = ["argocd", "llm-runner-router", "node-pools", "prometheus-operator", "sealed-secrets"];
const healthy = alone(repository);

beforeAll(async () => {
  rehearsal = await openQuietly("dev");
  expect(await rehearsal.sync(healthy, "the system alone")).toMatchObject({ kind: "healthy" });
});
afterAll(() => rehearsal?.close());

type Refusal = {
  readonly name: string;
  readonly broken: () => Tree;
  readonly kind: string;
  readonly words: RegExp;
  readonly place: () => { readonly file: string; readonly line: number };
};

const refusals: readonly Refusal[] = [
  {
    name: "a pod that Pod Security forbids",
    broken: () =>
      edited(deployment, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
    kind: "Deployment",
    words: /violates PodSecurity "restricted:latest": allowPrivilegeEscalation/,
    place: () => ({ file: deployment, line: 1 }),
  },
  {
    name: "a pod that fits on no node",
    broken: () =>
      overlayTree(repository, {
        [`${overlay}/patch-resources.yaml`]: readText(repository, `${overlay}/patch-resources.yaml`)
          ?.replace("cpu: 100m", "cpu: 100")
          .replace("cpu: 500m", "cpu: 100"),
      }),
    kind: "Deployment",
    words: /0\/\d+ nodes are available: \d+ Insufficient cpu/,
    place: () => ({ file: deployment, line: 1 }),
  },
  {
    name: "a kind that the AppProject does not permit",
    broken: () =>
      overlayTree(
        edited(
          `${overlay}/kustomization.yaml`,
          "  - sealed-secret.yaml\n",
          "  - pod-template.yaml\n  - sealed-secret.yaml\n",
        ),
        {
          [`${overlay}/pod-template.yaml`]:
            "apiVersion: v1\nkind: PodTemplate\nmetadata:\n  name: reader\n",
        },
      ),
    kind: "PodTemplate",
    words: /PodTemplate is not permitted in project systems/,
    place: () => ({ file: `${overlay}/pod-template.yaml`, line: 1 }),
  },
  {
    name: "a path that a CEL rule of the CRD rejects",
    broken: () => edited(route, "value: /api/chat", "value: api/chat"),
    kind: "HTTPRoute",
    words: /must be an absolute path and start with '\/'/,
    // The rule is about the mapping "path", whose key stands two lines above its value.
    place: () => ({ file: route, line: lineOf(route, "value: /api/chat") - 2 }),
  },
];

function alone(tree: Tree): Tree {
  return overlayTree(tree, withApplications(tree, "dev", few));
}

describe("what a control plane refuses", () => {
  it.for(refusals)(
    "$name fails with its words and place, and a fix that is pushed heals it",
    async (refusal) => {
      const before = await takeSnapshot(rehearsal.cluster);

      const broken = await rehearsal.sync(alone(refusal.broken()), refusal.name);
      const [cause] = broken.kind === "failed" ? broken.causes : [];
      expect([cause?.message, ...(cause?.events ?? [])].join("\n")).toMatch(refusal.words);
      expect(cause).toMatchObject({
        application: "llm-runner-router",
        resource: { kind: refusal.kind },
        place: refusal.place(),
      });

      const fixed = await rehearsal.sync(healthy, "the fix");
      expect(fixed).toMatchObject({ kind: "healthy" });
      expect(compareSnapshots(before, await takeSnapshot(rehearsal.cluster))).toMatchObject({
        pruned: [],
        recreated: [],
      });
    },
  );
});
