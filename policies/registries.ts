/**
 * Where images may come from: the start of their names. A fork that pulls from elsewhere adds its
 * line here. On Docker Hub it is the publisher that is known, not the whole registry.
 */
export const registries: readonly (string | RegExp)[] = [
  "registry.k8s.io/",
  "quay.io/",
  "ghcr.io/",
  "public.ecr.aws/",
  "gcr.io/distroless/",
  "docker.io/grafana/",
  "docker.io/library/",
  "docker.io/valkey/",
  // The environment's own, `data.registry` of ConfigMap `environment`: Google Artifact Registry,
  // `<region>-docker.pkg.dev/<project>/<repository>/`.
  /^[a-z0-9-]+-docker\.pkg\.dev\/[^/]+\/[^/]+\//,
];

/** Whether an image's full name starts as one of the known registries does. */
export function isFromKnownRegistry(reference: string): boolean {
  return registries.some((start) =>
    typeof start === "string" ? reference.startsWith(start) : start.test(reference),
  );
}
