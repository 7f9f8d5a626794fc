import { expect, test } from "vitest";
import { rehearsalCommit } from "../../scripts/rehearsal/rehearsal-commit.ts";
import { unseal } from "../../scripts/secrets/seal.ts";
import { parseSealedSecret } from "../../scripts/secrets/sealed-secret.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree, walk } from "../../scripts/tree/tree.ts";
import { certificate, privateKey } from "../secrets/fixtures.ts";

const upstream = "https://github.com/argoproj/argo-cd.git";

const settings = `# What a fork changes.
kind: ConfigMap
data:
  repository: https://github.com/example/slipway.git # ours
  branch:   'release'
  argocd: ${upstream}
  domain: dev.example.com
`;

const application = `kind: Application
spec:
  sources:
    - repoURL: ${upstream} # pinned
      targetRevision: v3.5.7
    - {repoURL: repository, path: clusters/dev}
`;

const sealed = `# Sealed for dev.
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: router-secrets
  namespace: llm
spec:
  encryptedData:
    jwt-secret: AgOld
    token: AgOld
  template:
    metadata:
      name: router-secrets
      namespace: llm
`;

const tree = memoryTree({
  "README.md": upstream,
  "apps/dev/argocd.yaml": application,
  "apps/prod/argocd.yaml": application,
  "base/argocd/app-project-argocd.yaml": `spec:\n  sourceRepos: ["${upstream}"]\n`,
  "base/router/secrets.yaml": `
secrets:
  - name: router-secrets
    keys:
      jwt-secret: {generate: {length: 48, alphabet: alphanumeric}}
      token: {supply: Ask the vendor}
`,
  "clusters/dev/environment/environment.yaml": settings,
  "clusters/dev/sealing-certificate.pem": "the environment's own\n",
  "clusters/prod/environment/environment.yaml": settings,
  "overlays/dev/router/kustomization.yaml": "namespace: llm\nresources: [sealed-secret.yaml]\n",
  "overlays/dev/router/sealed-secret.yaml": sealed,
  "overlays/prod/router/kustomization.yaml": "namespace: llm\nresources: [sealed-secret.yaml]\n",
  "overlays/prod/router/sealed-secret.yaml": sealed,
});

const rehearsal = {
  environment: "dev",
  repository: "file:///tmp/slipway.git",
  upstreams: new Map([[upstream, "file:///tmp/upstream-0.git"]]),
  certificate,
  standIns: [],
};

const committed = await rehearsalCommit(tree, rehearsal);

/** Every file of a tree with its text. */
function texts(of: Tree): ReadonlyMap<string, string | undefined> {
  return new Map([...walk(of, "")].map((file) => [file, readText(of, file)]));
}

test("rehearsalCommit() changes what leads away from this machine, in one environment only", () => {
  const before = texts(tree);
  const changed = [...texts(committed)].filter(([file, text]) => before.get(file) !== text);
  expect(changed.map(([file]) => file)).toEqual([
    "apps/dev/argocd.yaml",
    "base/argocd/app-project-argocd.yaml",
    "clusters/dev/environment/environment.yaml",
    "clusters/dev/sealing-certificate.pem",
    "overlays/dev/router/sealed-secret.yaml",
  ]);
});

test("rehearsalCommit() sets repository, branch and local upstreams, and keeps every other byte", () => {
  expect(readText(committed, "clusters/dev/environment/environment.yaml")).toBe(
    `# What a fork changes.
kind: ConfigMap
data:
  repository: "file:///tmp/slipway.git" # ours
  branch:   "main"
  argocd: file:///tmp/upstream-0.git
  domain: dev.example.com
`,
  );
});

test("rehearsalCommit() lets Applications and AppProjects name the local upstream", () => {
  expect(readText(committed, "apps/dev/argocd.yaml")).toBe(`kind: Application
spec:
  sources:
    - repoURL: file:///tmp/upstream-0.git # pinned
      targetRevision: v3.5.7
    - {repoURL: repository, path: clusters/dev}
`);
  expect(readText(committed, "base/argocd/app-project-argocd.yaml")).toBe(
    `spec:\n  sourceRepos: ["file:///tmp/upstream-0.git"]\n`,
  );
});

test("rehearsalCommit() seals fresh values that the given key opens", async () => {
  const file = "overlays/dev/router/sealed-secret.yaml";
  const { encrypted } = parseSealedSecret(readText(committed, file) ?? "", file);
  const binding = { name: "router-secrets", namespace: "llm", scope: "strict" } as const;
  const opened = await Promise.all(
    [...encrypted].map(async ([key, value]) => {
      const bytes = await unseal(privateKey, binding, value);
      return [key, new TextDecoder().decode(bytes)];
    }),
  );
  expect(Object.fromEntries(opened)).toEqual({
    "jwt-secret": expect.stringMatching(/^[A-Za-z0-9]{48}$/),
    token: "stand-in",
  });
});

test("rehearsalCommit() changes no byte of a SealedSecret but its sealed values", () => {
  const text = readText(committed, "overlays/dev/router/sealed-secret.yaml");
  expect(text?.replaceAll(/: [\w+/]{300,}=*$/gm, ": AgOld")).toBe(sealed);
});

test("rehearsalCommit() commits the certificate that the values are sealed for", () => {
  expect(readText(committed, "clusters/dev/sealing-certificate.pem")).toBe(certificate.pem);
});

test("rehearsalCommit() tells an upstream from another whose URL begins with it", async () => {
  const file = "apps/dev/models.yaml";
  const two = memoryTree({
    [file]: "- https://example.com/models\n- https://example.com/models-operator\n",
    "overlays/dev/router/kustomization.yaml": "",
  });
  const upstreams = new Map([
    ["https://example.com/models", "file:///0.git"],
    ["https://example.com/models-operator", "file:///1.git"],
  ]);
  expect(readText(await rehearsalCommit(two, { ...rehearsal, upstreams }), file)).toBe(
    "- file:///0.git\n- file:///1.git\n",
  );
});
