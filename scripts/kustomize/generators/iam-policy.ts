import { BuildError } from "../build-error.ts";
import { mappingOf, scalarOf } from "../kustomization/fields.ts";
import { type Mapping, mapping, type Scalar, scalar } from "../node/node.ts";
import type { Mark, Origin } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { resolvePlain } from "../yaml/resolve.ts";
import { written } from "./generated-object.ts";

/** The ServiceAccount of an IAMPolicyGenerator, bound to one of Google's by an annotation. */
export function generateIamPolicy(
  config: Mapping,
  { by, file }: { readonly by: Mark; readonly file: string },
): Resource {
  refuseOtherClouds(config, by);
  const origin: Origin = { operation: "generator", by };
  const none = mapping([], origin);
  const service = mappingOf(config, "kubernetesService") ?? none;
  const account = mappingOf(config, "serviceAccount") ?? none;
  const name = scalarOf(service, "name") ?? scalar("", origin, "null");
  const namespace = scalarOf(service, "namespace");
  const object = mapping(
    [
      ["apiVersion", scalar("v1", origin)],
      ["kind", scalar("ServiceAccount", origin)],
      [
        "metadata",
        mapping(
          [
            ["annotations", annotations(account, origin)],
            ["name", plain(name, by)],
            ...(namespace ? [["namespace", plain(namespace, by)] as const] : []),
          ],
          origin,
        ),
      ],
    ],
    origin,
  );
  const configuredBy = { apiVersion: "builtin", kind: "IAMPolicyGenerator" };
  return {
    object,
    previous: [],
    prefixes: [],
    suffixes: [],
    source: { file, configuredBy, mark: by },
  };
}

function refuseOtherClouds(config: Mapping, by: Mark): void {
  const cloud = scalarOf(config, "cloud");
  if (cloud?.text === "gke") return;
  throw new BuildError(
    `Cannot generate a ServiceAccount for the cloud "${cloud?.text ?? ""}": Kustomize knows "gke" only`,
    { mark: cloud?.origin.mark ?? by },
  );
}

/** Kustomize puts the words into a text of YAML and reads it, so `123` becomes a number. */
function plain(value: Scalar, by: Mark): Scalar {
  return { ...written(value, by), type: resolvePlain(value.text, "v3") };
}

function annotations(account: Mapping, origin: Origin): Mapping {
  const name = scalarOf(account, "name");
  const project = scalarOf(account, "projectId");
  const address = `${name?.text ?? ""}@${project?.text ?? ""}.iam.gserviceaccount.com`;
  const parts = [name, project].filter((part): part is Scalar => part !== undefined);
  const value = scalar(address, { ...origin, mark: name?.origin.mark, from: parts });
  return mapping([["iam.gke.io/gcp-service-account", value]], origin);
}
