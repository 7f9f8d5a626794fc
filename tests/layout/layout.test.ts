import { describe, expect, it } from "vitest";
import { kebabCase } from "../../scripts/checks/layout/manifests.ts";
import { layoutCheck } from "../../scripts/checks/layout.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { UnreadableError } from "../../scripts/tree/tree.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

const overlay = (environment: string): Files => ({
  [`overlays/${environment}/router/kustomization.yaml`]:
    "resources:\n  - ../../../base/router\ncomponents:\n  - release\n",
  [`overlays/${environment}/router/release/kustomization.yaml`]:
    "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n  - name: router\n    newTag: v1\n",
});

const good: Files = {
  ...overlay("dev"),
  ...overlay("staging"),
  ...overlay("prod"),
  "base/router/kustomization.yaml": "resources:\n  - service.yaml\n",
  "base/router/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: router\n",
};

describe("layoutCheck", () => {
  it.each<[string, Files]>([
    ["a fleet in order", {}],
    [
      "files of other kinds",
      {
        "base/router/README.md": "# Router\n",
        "base/router/secrets.yaml": "secrets: []\n",
        "base/router/images/router/Containerfile": "FROM scratch\n",
        "clusters/dev/sealing-certificate.pem": "x\n",
      },
    ],
    [
      "several of a kind",
      {
        "base/router/kustomization.yaml":
          "resources:\n  - service.yaml\n  - service-internal.yaml\n",
        "base/router/service-internal.yaml": "kind: Service\n",
      },
    ],
    [
      "what travels with a release",
      {
        "overlays/dev/router/release/kustomization.yaml":
          "kind: Component\nimages: []\nconfigurations:\n  - images.yaml\nconfigMapGenerator:\n  - name: a\n    files:\n      - a.sql\n",
        "overlays/dev/router/release/images.yaml": "images: []\n",
        "overlays/dev/router/release/a.sql": "select 1;\n",
      },
    ],
  ])("passes %s", async (_, files) => {
    expect(await findings({ ...good, ...files })).toEqual([]);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      "an app that skipped an environment",
      { ...without("overlays/staging/"), "apps/staging/kustomization.yaml": "resources: []\n" },
      [
        'error layout-environments overlays/prod/router/kustomization.yaml:1 "router" is in "prod" and not in "staging", so nothing can be promoted to "prod"',
      ],
    ],
    [
      "an app on its way",
      { ...without("overlays/prod/"), "apps/prod/kustomization.yaml": "resources: []\n" },
      [
        'warning layout-environments overlays/staging/router/kustomization.yaml:1 "router" is in "staging" and not in "prod" yet',
      ],
    ],
    [
      "an empty manifest",
      { ...good, "base/router/service.yaml": "# later\n" },
      [
        'error layout-one-object base/router/service.yaml:1 "base/router/service.yaml" holds 0 objects instead of one',
      ],
    ],
    [
      "a kustomization under another name",
      {
        ...without("base/router/kustomization.yaml"),
        "base/router/kustomization.yml": "resources:\n  - service.yaml\n",
      },
      [
        'error layout-file-name base/router/kustomization.yml:1 "base/router/kustomization.yml" is a kustomization under a name that nobody looks for',
      ],
    ],
    [
      "a namespace in a release",
      {
        ...good,
        "overlays/dev/router/release/kustomization.yaml": "kind: Component\nnamespace: dev\n",
      },
      [
        'error layout-release overlays/dev/router/release/kustomization.yaml:2 "overlays/dev/router/release/kustomization.yaml" sets "namespace", and promotion would copy it to the next environment',
      ],
    ],
    [
      "a file in a release that nothing takes",
      { ...good, "overlays/dev/router/release/notes.sql": "select 1;\n" },
      [
        'error layout-orphan overlays/dev/router/release/notes.sql:1 No kustomization takes "overlays/dev/router/release/notes.sql", so Argo CD never sees it',
      ],
    ],
    [
      "a patch that is not text",
      { ...good, "base/router/old.yaml": Uint8Array.of(0xff) },
      [
        'error layout-unreadable base/router/old.yaml: Cannot read "base/router/old.yaml": it is not UTF-8 text; save it in that encoding',
      ],
    ],
  ])("finds %s", async (_, files, expected) => {
    expect(await findings(files)).toEqual(expected);
  });

  it("says which file cannot be read, and looks at the others", async () => {
    const tree = memoryTree({ ...good, "base/router/big.bin": "", "base/router/notes.txt": "" });
    const read = (path: string) => {
      if (path === "base/router/big.bin") throw new UnreadableError(path, "it has 100 MB");
      return tree.read(path);
    };
    expect(await findings({}, { ...tree, read })).toEqual([
      'error layout-unreadable base/router/big.bin: Cannot read "base/router/big.bin": it has 100 MB',
      'error layout-orphan base/router/notes.txt:1 No kustomization takes "base/router/notes.txt", so Argo CD never sees it',
    ]);
  });

  it("does not repeat what the renderer has said", async () => {
    const tree = memoryTree({ ...good, "base/router/service.yaml": "kind: [\n" });
    const fleet = readFleet(tree);
    const [first] = await run(tree, []);
    expect(first).toMatchObject({
      rule: "layout-yaml",
      place: { file: "base/router/service.yaml" },
    });
    const [target] = fleet.targets;
    if (first === undefined || target === undefined) throw new Error();
    expect(await run(tree, [{ target, resources: [], findings: [first] }])).toEqual([]);
  });
});

describe("kebabCase()", () => {
  it.each([
    ["Deployment", "deployment"],
    ["HTTPRoute", "http-route"],
    ["PersistentVolumeClaim", "persistent-volume-claim"],
    ["GCPBackendPolicy", "gcp-backend-policy"],
    ["APIService", "api-service"],
    ["CSIDriver", "csi-driver"],
    ["TermitePool", "termite-pool"],
    ["PodDisruptionBudget", "pod-disruption-budget"],
  ])("%s is %s", (kind, name) => {
    expect(kebabCase(kind)).toBe(name);
  });
});

function without(prefix: string): Files {
  return Object.fromEntries(Object.entries(good).filter(([path]) => !path.startsWith(prefix)));
}

async function findings(files: Files, tree = memoryTree(files)): Promise<string[]> {
  return (await run(tree, [])).map(
    ({ severity, rule, place, message }) =>
      `${severity} ${rule} ${place.file}:${place.line ?? ""} ${message}`,
  );
}

async function run(
  tree: Parameters<typeof readFleet>[0],
  renderings: Parameters<typeof layoutCheck.run>[0]["renderings"],
) {
  const result = await layoutCheck.run({ tree, fleet: readFleet(tree), renderings });
  return result.status === "ran" ? result.findings : [];
}
