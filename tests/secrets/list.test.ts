import { expect, test } from "vitest";
import { listSecrets, needsWork, renderList } from "../../scripts/secrets/list.ts";
import { memoryTree, overlayTree } from "../../scripts/tree/memory.ts";
import { certificatePem, fixture } from "./fixtures.ts";

const fleet = memoryTree({
  "base/router/secrets.yaml": `
secrets:
  - name: llm-runner-secrets
    keys:
      jwt-secret: {generate: {length: 48, alphabet: alphanumeric}}
      session-secret: {generate: {length: 48, alphabet: alphanumeric}}
      license: {supply: Ask the vendor}
      token: {supply: Make one at https://example.com, optional: true}
      url: {template: "https://{{ .license }}@example.com"}
`,
  "clusters/dev/sealing-certificate.pem": certificatePem.replace(/\n$/, ""),
  "overlays/dev/router/kustomization.yaml":
    "namespace: llm-runner-router\nresources: [sealed-secret.yaml]",
  "overlays/dev/router/sealed-secret.yaml": fixture("strict.yaml"),
  "overlays/prod/plain/kustomization.yaml": "",
});

test("listSecrets() tells sealed keys from missing, optional and undeclared ones", async () => {
  const list = await listSecrets(fleet, "dev");
  expect(renderList(list).replace(/until .*/, "until …")).toMatchInlineSnapshot(`
    "dev: certificate valid until …
      router/llm-runner-secrets/jwt-secret           generated  sealed
      router/llm-runner-secrets/session-secret       generated  missing
      router/llm-runner-secrets/license              supplied   missing: Ask the vendor
      router/llm-runner-secrets/token                supplied   absent: Make one at https://example.com
      router/llm-runner-secrets/url                  template   computed
      router/llm-runner-secrets/byok-encryption-key  -          undeclared
    "
  `);
  expect(needsWork(list)).toBe(true);
});

test("listSecrets() of an environment without secrets needs nobody", async () => {
  const list = await listSecrets(fleet, "prod");
  expect(renderList(list)).toBe("prod: no clusters/prod/sealing-certificate.pem\n");
  expect(needsWork(list)).toBe(false);
});

test("listSecrets() says why a file cannot be used", async () => {
  const tree = overlayTree(fleet, {
    "overlays/dev/router/kustomization.yaml": "namespace: other",
  });
  const { keys } = await listSecrets(tree, "dev");
  expect(keys[0]).toMatchObject({
    key: "jwt-secret",
    state: "unusable",
    note: 'it is sealed for the namespace "llm-runner-router" and the overlay\'s is "other"',
  });
});
