import { expect, test } from "vitest";
import { parseImage } from "../../policies/image.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { registries } from "../../policies/registries.ts";
import { violations } from "./resources.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test.each([
  ["ghcr.io/slipway/router:1.27.3", "a full release"],
  ["ghcr.io/slipway/router:v1.2.3", "a full release with a v"],
  ["ghcr.io/slipway/router:2.0.0-80942a6", "a release and its commit"],
  ["quay.io/prometheus/alertmanager:v0.29.0", "another known registry"],
  ["docker.io/library/debian:trixie-20260814-slim", "a build of one day"],
  ["docker.io/library/postgres:18.4-alpine", "PostgreSQL's releases have two numbers"],
  ["ghcr.io/cloudnative-pg/postgresql:18.4-system-trixie", "PostgreSQL under another name"],
  ["europe-west4-docker.pkg.dev/example-dev/slipway/router:1.2.3", "an environment's registry"],
  [`ghcr.io/slipway/router@${digest}`, "a digest alone"],
  [`ghcr.io/slipway/router:latest@${digest}`, "a digest beside a tag that would move"],
])("%s is pinned: %s", (image) => {
  expect(violations(imagePinned, podOf(image))).toEqual([]);
});

test.each([
  ["router:latest", "a tag that moves and no registry"],
  ["ghcr.io/slipway/router:dev-latest", "a tag that moves"],
  ["ghcr.io/slipway/router:1.2.3-nightly", "a tag that moves"],
  ["ghcr.io/slipway/router", "no tag and no digest"],
  ["ghcr.io/slipway/router:1.27", "a tag that is not a full release"],
  ["ghcr.io/slipway/router:v2", "a tag that is not a full release"],
  ["docker.io/library/redis:7.2", "a tag that is not a full release"],
  ["ghcr.io/slipway/router:sha-80942a6", "a tag that is not a full release"],
  ["ghcr.io/slipway/router@sha256:0123", "a digest that is no SHA-256"],
  ["nginx:1.27.3", "no registry"],
  ["bitnami/redis:7.2.4", "no registry"],
  ["docker.io/bitnami/redis:7.2.4", "a registry that is not known"],
  ["localhost:5000/router:1.2.3", "a registry that is not known"],
  ["registry/router:1.2.3", "a placeholder that no overlay replaced"],
  ["replaced-by-kustomize", "a placeholder that no overlay replaced"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder of a shell script
  ["${REGISTRY_URL}/router:1.2.3", "a placeholder that no overlay replaced"],
])("%s is not: %s", (image, reason) => {
  expect(violations(imagePinned, podOf(image))).toEqual([
    `spec.containers[0].image: Container "router" runs "${image}": ${reason}`,
  ]);
});

test.each(registries.filter((start) => typeof start === "string"))("%s is known", (registry) => {
  expect(violations(imagePinned, podOf(`${registry}slipway/router:1.2.3`))).toEqual([]);
});

test("init containers, sidecars and ephemeral containers are judged too", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      initContainers:
        - { name: fetch, image: "ghcr.io/slipway/fetch:latest" }
        - { name: proxy, image: "ghcr.io/slipway/proxy:edge", restartPolicy: Always }
      containers:
        - { name: router, image: "ghcr.io/slipway/router:1.2.3" }
      ephemeralContainers:
        - { name: debug, image: "ghcr.io/slipway/debug:main" }`;
  expect(violations(imagePinned, pod)).toEqual([
    'spec.initContainers[0].image: Container "fetch" runs "ghcr.io/slipway/fetch:latest": a tag that moves',
    'spec.initContainers[1].image: Container "proxy" runs "ghcr.io/slipway/proxy:edge": a tag that moves',
    'spec.ephemeralContainers[0].image: Container "debug" runs "ghcr.io/slipway/debug:main": a tag that moves',
  ]);
});

test("a container without an image is told", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec: { containers: [{ name: router }] }`;
  expect(violations(imagePinned, pod)).toEqual([
    'spec.containers[0].image: Container "router" runs no image',
  ]);
});

test("an image mounted as a volume is an image", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      containers: []
      volumes:
        - { name: scratch, emptyDir: {} }
        - { name: models, image: { reference: "ghcr.io/slipway/models:latest" } }`;
  expect(violations(imagePinned, pod)).toEqual([
    'spec.volumes[1].image.reference: Volume "models" mounts "ghcr.io/slipway/models:latest": a tag that moves',
  ]);
});

test("custom kinds whose operators start pods are judged by the field that names the image", () => {
  const objects = `
    apiVersion: antfly.io/v1alpha1
    kind: TermitePool
    metadata: { name: embeddings }
    spec: { image: "ghcr.io/antflydb/termite:xla-tpu" }
    ---
    apiVersion: postgresql.cnpg.io/v1
    kind: Cluster
    metadata: { name: database }
    spec: { imageName: "ghcr.io/cloudnative-pg/postgresql:18" }
    ---
    apiVersion: rabbitmq.com/v1beta1
    kind: RabbitmqCluster
    metadata: { name: queue }
    spec: { replicas: 3 }`;
  expect(violations(imagePinned, objects)).toEqual([
    'spec.image: TermitePool "embeddings" runs "ghcr.io/antflydb/termite:xla-tpu": a tag that is not a full release',
    'spec.imageName: Cluster "database" runs "ghcr.io/cloudnative-pg/postgresql:18": a tag that is not a full release',
  ]);
});

test.each([
  ["nginx", { repository: "nginx" }],
  ["library/nginx:1.27", { repository: "library/nginx", tag: "1.27" }],
  ["localhost/nginx", { registry: "localhost", repository: "nginx" }],
  ["host:5000/a/b", { registry: "host:5000", repository: "a/b" }],
  [
    "ghcr.io/a/b:1@sha256:0",
    { registry: "ghcr.io", repository: "a/b", tag: "1", digest: "sha256:0" },
  ],
])("parseImage() takes %s apart", (reference, parts) => {
  expect(parseImage(reference)).toEqual(parts);
});

function podOf(image: string): string {
  return `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec: { containers: [{ name: router, image: "${image}" }] }`;
}
