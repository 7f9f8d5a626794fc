import type { LiveObject } from "../cluster.ts";

/** What the kubelet would start the first container of a Deployment with. */
export type ContainerCommand = {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/**
 * Reads arguments and environment of a Deployment's first container. Of `valueFrom` the pod's
 * namespace is known; what else there is (other fields, ConfigMaps, Secrets) is left out.
 * `$(NAME)` is replaced as Kubernetes does it: an unknown name stays as it is written.
 */
export function containerCommand(deployment: LiveObject): ContainerCommand {
  const [container] = deployment.spec.template.spec.containers as Container[];
  const variables = (container?.env ?? []).flatMap(({ name, value, valueFrom }): Entry[] => {
    if (valueFrom === undefined) return [[name, value ?? ""]];
    const isNamespace = valueFrom.fieldRef?.fieldPath === "metadata.namespace";
    return isNamespace ? [[name, deployment.metadata.namespace ?? ""]] : [];
  });
  const env = Object.fromEntries(variables);
  const args = (container?.args ?? []).map((arg) =>
    arg.replace(/\$\(([\w.-]+)\)/g, (written, name: string) => env[name] ?? written),
  );
  return { args, env };
}

type Entry = [name: string, value: string];

type Container = {
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
  }[];
};
