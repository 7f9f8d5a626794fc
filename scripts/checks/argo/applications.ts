import { join, parent } from "../../tree/tree.ts";
import type { Finding } from "../finding.ts";
import { type Application, type Cluster, expectedPath, targetAt } from "./cluster.ts";
import { findingAt } from "./report.ts";

/** Every overlay has one Application of its name, and every Application an overlay of this environment. */
export function applicationFindings(
  cluster: Cluster,
  hasFile: (path: string) => boolean,
): Finding[] {
  return [
    ...cluster.applications.flatMap((application) => {
      const [name] = nameFindings(cluster, application);
      return name ? [name] : sourceFindings(cluster, application);
    }),
    ...missingFindings(cluster, hasFile),
  ];
}

function nameFindings(cluster: Cluster, application: Application): Finding[] {
  const { name, resource, sources } = application;
  const place = resource.placeOf(["metadata", "name"]).file;
  const path = sources.find(({ isOwn }) => isOwn)?.path ?? "";
  const overlay = targetAt(cluster, path);
  const isOther = overlay !== undefined && path !== expectedPath(cluster, application);
  if (isOther && targetAt(cluster, expectedPath(cluster, application)) === undefined) {
    return [
      findingAt(resource, ["metadata", "name"], {
        rule: "argo-name",
        message: `Application "${name}" renders "${path}", and the two have different names`,
        help: `Name the Application "${overlay.app}"`,
      }),
    ];
  }
  if (parent(place) !== join("apps", cluster.environment) || place.endsWith(`/${name}.yaml`))
    return [];
  return [
    findingAt(resource, ["metadata", "name"], {
      rule: "argo-name",
      message: `Application "${name}" stands in "${place}", and the two have different names`,
      help: `Name the file "${name}.yaml"`,
    }),
  ];
}

function sourceFindings(cluster: Cluster, application: Application): Finding[] {
  const { name, resource, sources } = application;
  const expected = expectedPath(cluster, application);
  const own = sources.filter(({ isOwn }) => isOwn);
  const [first, second] = own;
  const report = (path: (string | number)[], message: string) =>
    findingAt(resource, path, {
      rule: "argo-source-path",
      message,
      help: targetAt(cluster, expected)
        ? `Make it one source with the path "${expected}"`
        : `Add "${expected}", or remove "apps/${cluster.environment}/${name}.yaml"`,
    });
  if (first === undefined) {
    return [
      report(["spec", "sources"], `Application "${name}" renders nothing of this repository`),
    ];
  }
  if (second !== undefined) {
    const message = `Application "${name}" renders "${first.path}" and "${second.path}", and only one may be of this repository`;
    return [report(["spec", "sources", second.index, "path"], message)];
  }
  const path = ["spec", "sources", first.index, "path"];
  if (targetAt(cluster, first.path) === undefined) {
    const [, environment] = first.path.split("/");
    const isElsewhere = environment !== undefined && environment !== cluster.environment;
    const why = isElsewhere
      ? `which is not of the environment "${cluster.environment}"`
      : "which does not exist";
    return [report(path, `Application "${name}" renders "${first.path}", ${why}`)];
  }
  if (first.path === expected) return [];
  return [report(path, `Application "${name}" renders "${first.path}" instead of "${expected}"`)];
}

/** An Application that is there and not listed is an orphan; check `layout` says so. */
function missingFindings(cluster: Cluster, hasFile: (path: string) => boolean): Finding[] {
  const { applications, environment, targets } = cluster;
  const deployed = new Set(
    applications.flatMap(({ name, sources }) => [
      join("overlays", environment, name),
      ...sources.map(({ path }) => path),
    ]),
  );
  return targets
    .filter(({ directory }) => directory.startsWith("overlays/") && !deployed.has(directory))
    .filter(({ app }) => !hasFile(join("apps", environment, `${app}.yaml`)))
    .map((target) => ({
      rule: "argo-application-missing",
      severity: "error",
      message: `No Application renders "${target.directory}", so Argo CD never sees it`,
      help: `Add "apps/${environment}/${target.app}.yaml" and name it in "apps/${environment}/kustomization.yaml"`,
      place: { file: join(target.directory, "kustomization.yaml"), line: 1 },
      target,
    }));
}
