import type { Kustomization } from "../../render/kustomization.ts";
import type { Finding } from "../finding.ts";

/** What may travel: images, and the files that generators turn into ConfigMaps. */
const travels = [
  "apiVersion",
  "configMapGenerator",
  "configurations",
  "generatorOptions",
  "images",
  "kind",
  "metadata",
];

/** Promotion copies `release/` as it is: a setting of the environment in it would travel along. */
export function releaseFindings({ directory, document, fields, file }: Kustomization): Finding[] {
  if (!/^overlays\/[^/]+\/[^/]+\/release$/.test(directory)) return [];
  return Object.keys(fields)
    .filter((field) => !travels.includes(field))
    .map((field) => ({
      rule: "layout-release",
      severity: "error",
      message: `"${file}" sets "${field}", and promotion would copy it to the next environment`,
      help: `Keep images and generated ConfigMaps in "release", and move "${field}" to the overlay's own kustomization`,
      place: document.keyPlaceOf([field]),
    }));
}
