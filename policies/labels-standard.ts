import type { Path } from "../scripts/fleet/resource.ts";
import { title } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { stringMap } from "./values.ts";
import { podTemplateOf } from "./workload.ts";

/**
 * Two labels and no more: `name` is the program, which dashboards and `kubectl` select by, and
 * `part-of` is what it belongs to, by which all of it is found. A version would change with every
 * release and restart what did not change, the instance is Argo CD's tracking annotation, and who
 * manages the object is the same everywhere.
 */
export const labelsStandard: Policy = {
  id: "labels-standard",
  severity: "error",
  description:
    "Every object in a namespace, and every pod, says which program of which system it is",
  help: "Add the pair to `labels` of the kustomization that lists the object, with `includeTemplates: true`; labels of a base do not reach what a component or an overlay adds",
  check(resources, report) {
    for (const resource of resources) {
      const { manifest } = resource;
      const pod = podTemplateOf(resource);
      const places: [owner: string, labels: Readonly<Record<string, string>>, path: Path][] = [];
      if (manifest.metadata.namespace !== undefined || pod) {
        places.push([title(manifest), stringMap(manifest.metadata.labels), []]);
      }
      if (pod && pod.path.length > 0) {
        places.push([`The pod template of ${title(manifest)}`, pod.labels, pod.path]);
      }
      for (const [owner, labels, path] of places) {
        const missing = required.filter((name) => !labels[name]);
        if (missing.length === 0) continue;
        report(resource, {
          path: [...path, "metadata", "labels"],
          message: `${owner} has ${missing.map((name) => `no label "${name}"`).join(" and ")}`,
        });
      }
    }
  },
};

const required = ["app.kubernetes.io/name", "app.kubernetes.io/part-of"];
