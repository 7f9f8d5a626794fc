import { expect, test } from "vitest";
import { generateIamPolicy } from "../../../scripts/kustomize/generators/iam-policy.ts";
import type { Mapping } from "../../../scripts/kustomize/node/node.ts";
import { readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";

test("the ServiceAccount is bound to Google's", () => {
  const config = `
cloud: gke
kubernetesService: {name: in-cluster, namespace: apps}
serviceAccount: {name: of-google, projectId: project}`;
  expect(generate(config)).toEqual({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: {
      name: "in-cluster",
      namespace: "apps",
      annotations: {
        "iam.gke.io/gcp-service-account": "of-google@project.iam.gserviceaccount.com",
      },
    },
  });
});

test("another cloud is an error", () => {
  expect(() => generate("cloud: aws")).toThrow('for the cloud "aws": Kustomize knows "gke" only');
});

function generate(text: string): unknown {
  const source = fileText("policy.yaml", text);
  const [config] = readDocuments(source, "resource");
  const context = { by: { source, offset: 0 }, file: "policy.yaml" };
  return toValue(generateIamPolicy(config as Mapping, context).object);
}
