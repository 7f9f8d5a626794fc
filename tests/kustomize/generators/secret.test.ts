import { expect, test } from "vitest";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import { generated } from "./generated.ts";

test("all values are encoded, in lines of 70 characters where one is not enough", () => {
  expect(made(`{name: app, literals: [a=b, "long=${"x".repeat(60)}"]}`)).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: { name: "app-k2t4hgbm24" },
    data: { a: "Yg==", long: `${"eHh4".repeat(17)}eH\nh4${"eHh4".repeat(2)}\n` },
  });
});

test("the type is what the generator says, and data is there even if empty", () => {
  const secret = made(
    "{name: app, type: kubernetes.io/tls, options: {disableNameSuffixHash: true}}",
  );
  expect(secret).toMatchObject({ type: "kubernetes.io/tls", data: {}, metadata: { name: "app" } });
});

function made(generator: string): unknown {
  const [resource] = generated({ "kustomization.yaml": `secretGenerator:\n- ${generator}\n` });
  return resource && toValue(resource.object);
}
