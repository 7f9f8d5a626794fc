import { expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { definitionsIn, groupOf, isClusterScoped } from "../../scripts/fleet/scope.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { list, mapping, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";
import { applicationsIn, upstreamOf } from "../support/upstream.ts";

const environments = ["dev", "staging", "prod"];
const own = await renderTargets(repository, readFleet(repository).targets);
const applications = (await Promise.all(environments.map(applicationsIn))).flat();

/** What each Application renders, ours and upstream's, with its project. */
const deployed = await Promise.all(
  applications.map(async (application) => {
    const paths = list(valueAt(application.manifest, ["spec", "sources"])).map(
      (source) => mapping(source).path,
    );
    const ours = own.filter(({ target }) => paths.includes(target.directory));
    const resources = [
      ...ours.flatMap(({ resources }) => resources),
      ...(await upstreamOf(application)),
    ];
    return {
      project: valueAt(application.manifest, ["spec", "project"]),
      manifests: resources.map(({ manifest }) => manifest),
    };
  }),
);
const definitions = definitionsIn(deployed.flatMap(({ manifests }) => manifests));

const projects = new Map(
  own
    .flatMap(({ resources }) => resources.map(({ manifest }) => manifest))
    .filter(({ kind }) => kind === "AppProject")
    .map((project) => [project.metadata.name, project]),
);
projects.delete("default");

it.each([...projects])(
  "project %s allows what is rendered, and no kind besides",
  (name, project) => {
    const manifests = deployed
      .filter((one) => one.project === name)
      .flatMap((one) => one.manifests);
    const [cluster, namespaced] = [true, false].map((isCluster) =>
      namesOf(manifests.filter((one) => isClusterScoped(one, definitions) === isCluster)),
    );
    expect(listed(project, "clusterResourceWhitelist")).toEqual(cluster);
    // Argo CD's own project allows every kind with a namespace.
    const kinds = listed(project, "namespaceResourceWhitelist");
    if (name !== "argocd") expect(kinds).toEqual(namespaced);
  },
);

function listed(project: Manifest, field: string): string[] {
  const entries = list(valueAt(project, ["spec", field])).map(mapping);
  return [...new Set(entries.map(({ group, kind }) => `${group}/${kind}`))].sort();
}

function namesOf(manifests: readonly Manifest[]): string[] {
  return [...new Set(manifests.map((one) => `${groupOf(one)}/${one.kind}`))].sort();
}
