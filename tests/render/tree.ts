import type { Resource } from "../../scripts/fleet/resource.ts";
import type { Target } from "../../scripts/fleet/target.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";

export type Files = Readonly<Record<string, string>>;

/** The one target of the small trees in these tests. */
export const router: Target = {
  environment: "dev",
  app: "router",
  directory: "overlays/dev/router",
};

/** Renders the overlay of a small tree. */
export async function renderFiles(files: Files): Promise<readonly Resource[]> {
  const [rendering] = await renderTargets(memoryTree(files), [router]);
  if (rendering === undefined || rendering.findings.length > 0) {
    throw new Error(rendering?.findings.map(({ message }) => message).join("\n"));
  }
  return rendering.resources;
}

/** A Deployment of one container, with an image and a memory limit. */
export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: router
spec:
  selector:
    matchLabels:
      app: router
  template:
    metadata:
      labels:
        app: router
    spec:
      containers:
        - name: router
          image: router
          env:
            - name: MODE
              value: plain
            - name: PORT
              value: "80"
          resources:
            limits:
              memory: 1Gi
`;

/** The smallest object. */
export function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
}

/** An overlay of one manifest. */
export function overlay(environment: string, app: string, manifest: string): Files {
  const directory = `overlays/${environment}/${app}`;
  return {
    [`${directory}/kustomization.yaml`]: "resources:\n  - config-map.yaml\n",
    [`${directory}/config-map.yaml`]: manifest,
  };
}
