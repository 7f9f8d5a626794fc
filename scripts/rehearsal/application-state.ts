import type { LiveObject } from "./cluster.ts";

/** What Argo CD says of one Application, in the words of its status. */
export type ApplicationState = {
  readonly name: string;
  readonly wave: number;
  /** Synced, OutOfSync or Unknown. */
  readonly sync: string;
  /** Healthy, Progressing, Degraded, Missing, Suspended or Unknown. */
  readonly health: string;
  /** The revisions it compared with last, one per source. */
  readonly revisions: readonly string[];
  readonly operation: Operation | undefined;
  /** Errors that keep it from comparing or syncing at all. */
  readonly conditions: readonly string[];
  readonly resources: readonly ResourceState[];
};

type Operation = {
  /** Running, Succeeded, Failed, Error or Terminating. */
  readonly phase: string;
  readonly message: string;
  /** What it syncs, one per source; empty while a retry resolves them anew. */
  readonly revisions: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
};

export type ResourceState = {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Synced or OutOfSync; undefined for an object that is no longer in git. */
  readonly sync: string | undefined;
  readonly health: string | undefined;
  readonly message: string;
  /** The result of its last sync: Synced, SyncFailed, Pruned, PruneSkipped. */
  readonly result: string | undefined;
};

/** Reads an Application (argoproj.io/v1alpha1) as the API server returns it. */
export function readApplication({ metadata, ...object }: LiveObject): ApplicationState {
  const status = object.status ?? {};
  const operation = status.operationState;
  return {
    name: metadata.name,
    wave: Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0),
    sync: status.sync?.status ?? "Unknown",
    health: status.health?.status ?? "Unknown",
    revisions: revisionsOf(status.sync) ?? [],
    operation: operation && {
      phase: operation.phase,
      message: operation.message ?? "",
      revisions: revisionsOf(operation.syncResult) ?? revisionsOf(operation.operation?.sync) ?? [],
      startedAt: operation.startedAt,
      finishedAt: operation.finishedAt,
    },
    conditions: (status.conditions ?? [])
      .filter(({ type }: { type: string }) => /Error$/.test(type))
      .map(({ message }: { message: string }) => message),
    resources: readResources(status),
  };
}

/** Argo CD writes `revisions` for an Application with `sources` and `revision` for one with `source`. */
function revisionsOf(status?: {
  readonly revisions?: readonly string[];
  readonly revision?: string;
}): readonly string[] | undefined {
  return status?.revisions ?? (status?.revision ? [status.revision] : undefined);
}

// biome-ignore lint/suspicious/noExplicitAny: an Application's status, field by field.
function readResources(status: any): ResourceState[] {
  const states = new Map<string, ResourceState>();
  const keyOf = ({ kind, namespace = "", name }: Reference) => `${kind}/${namespace}/${name}`;
  for (const resource of status.resources ?? []) {
    const { kind, name, status: sync, health } = resource;
    const namespace = resource.namespace || undefined;
    states.set(keyOf(resource), {
      kind,
      namespace,
      name,
      sync,
      health: health?.status,
      message: health?.message ?? "",
      result: undefined,
    });
  }
  for (const result of status.operationState?.syncResult?.resources ?? []) {
    const { kind, name } = result;
    const namespace = result.namespace || undefined;
    const known = states.get(keyOf(result));
    states.set(keyOf(result), {
      kind,
      namespace,
      name,
      sync: known?.sync,
      health: known?.health,
      // What was refused matters more than how the object from before is doing.
      message: (result.status === "SyncFailed" && result.message) || known?.message || "",
      result: result.status,
    });
  }
  return [...states.values()];
}

type Reference = { readonly kind: string; readonly namespace?: string; readonly name: string };
