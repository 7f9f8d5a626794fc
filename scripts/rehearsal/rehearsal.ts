import { definitionsAmong, renderEnvironment, renderUpstream } from "../bootstrap/input.ts";
import { planBootstrap } from "../bootstrap/plan.ts";
import { runBootstrap } from "../bootstrap/run.ts";
import { renderAll } from "../render/environment.ts";
import { createSealingKey, readCertificate } from "../secrets/certificate.ts";
import { sealingKeySecret } from "../secrets/private-key.ts";
import { type OnBuild, tool } from "../tools/tool.ts";
import type { ToolName } from "../tools/tools.ts";
import type { Tree } from "../tree/tree.ts";
import type { ApplicationState } from "./application-state.ts";
import { startArgocd } from "./argocd.ts";
import { serveBrokerApi } from "./broker-api.ts";
import { type Cluster, connect } from "./cluster.ts";
import { startControlPlane } from "./control-plane.ts";
import { openEgress } from "./egress.ts";
import { type ExplainedCause, explainCauses } from "./explain.ts";
import { follow } from "./follow.ts";
import { startKwok } from "./kwok.ts";
import { serveMetricsApi } from "./metrics-api.ts";
import { installPrerequisites } from "./prerequisites.ts";
import { programs } from "./programs/index.ts";
import { openPrograms } from "./programs/run.ts";
import { servePrometheusApi } from "./prometheus-api.ts";
import { rehearsalCommit } from "./rehearsal-commit.ts";
import { createInbox, createRepository } from "./repository.ts";
import { openServices } from "./services.ts";
import { provideNodes } from "./simulated-cluster.ts";
import { simulatedAmong } from "./simulated-kinds.ts";
import { selfSignedIssuers, withoutUnserved } from "./stand-ins.ts";
import { playTermiteOperator } from "./termite-operator.ts";
import type { TimelineEvent } from "./timeline.ts";
import { rehearsalTools } from "./tools.ts";
import { openUpstreams } from "./upstreams.ts";
import { openWorkspace } from "./workspace.ts";

/** What a commit came to on the rehearsal's cluster. */
export type Verdict =
  | {
      readonly kind: "healthy";
      /** Kinds whose status or metrics are not a real controller's, among the objects there. */
      readonly simulated: readonly string[];
      /** What was committed differently because this machine lacks what it needs. */
      readonly standIns: readonly string[];
    }
  | { readonly kind: "failed"; readonly causes: readonly ExplainedCause[] };

/** A running cluster of its own, for one environment. */
export type Rehearsal = {
  readonly kubeconfig: string;
  /** A bare repository: a push to it is rehearsed like any other commit, by who reads `pushed`. */
  readonly inbox: string;
  /** The file that holds the id of the commit pushed last. */
  readonly pushed: string;
  readonly cluster: Cluster;
  /** From now on programs find a Service, as `name.namespace.svc:port`, at a port on loopback. */
  readonly lead: (service: string, port: number) => void;
  /** Commits a tree, waits for its verdict and keeps the cluster. */
  readonly sync: (tree: Tree, message: string) => Promise<Verdict>;
  readonly close: () => Promise<void>;
};

export type RehearsalEvents = {
  readonly onBuild: OnBuild;
  /** A new phase begins: "the control plane", "Argo CD" … */
  readonly onPhase: (what: string) => void;
  readonly onEvent: (event: TimelineEvent) => void;
  readonly onStates: (states: readonly ApplicationState[]) => void;
};

/** Services that lead to a program, as `namespace/name`: their webhooks and APIs are real. */
const served = new Set(
  programs.flatMap(({ namespace, services = [] }) =>
    services.map(({ name }) => `${namespace}/${name}`),
  ),
);

/**
 * Brings up an empty cluster on loopback, as plain processes; the first `sync` installs Argo CD as
 * `slipway bootstrap` does. Nothing of it outlives this process. Throws a `SlipwayError` where a
 * tool cannot be built or a process does not start.
 */
export async function openRehearsal(
  environment: string,
  events: RehearsalEvents,
): Promise<Rehearsal> {
  const binaries = await buildTools(events.onBuild);
  const workspace = await openWorkspace();
  const closers: (() => unknown)[] = [workspace.close];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  let start: number | undefined;
  const tell = (subject: string, what: string) =>
    events.onEvent({ at: Date.now() - (start ?? Date.now()), subject, what });
  try {
    events.onPhase("the control plane");
    const newSealingKey = createSealingKey("rehearsal", new Date());
    const socket = workspace.path("egress.sock");
    const egress = await openEgress(socket);
    closers.push(egress.close);
    const services = await openServices();
    closers.push(services.close);
    const { kubeconfig, kubeconfigFor } = await startControlPlane(workspace, binaries, socket);
    const cluster = connect(kubeconfig);
    const kubectl = { file: binaries.kubectl, args: [`--kubeconfig=${kubeconfig}`] };
    const [metrics] = await Promise.all([
      serveMetricsApi(cluster, egress),
      installPrerequisites(workspace, kubectl),
    ]);
    closers.push(() => metrics.close());
    const brokers = await serveBrokerApi(cluster, services);
    closers.push(brokers.close);
    const prometheus = await servePrometheusApi(services);
    closers.push(prometheus.close);
    const kwok = await startKwok(workspace, binaries.kwok, kubeconfig, cluster);
    const operators = await openPrograms(programs, {
      workspace,
      cluster,
      egress,
      binaries,
      proxy: services.proxy,
      kubeconfig: kubeconfigFor,
      onEvent: tell,
    });

    closers.push(playTermiteOperator(cluster).close);

    const repository = await createRepository(workspace, "slipway");
    const upstreams = openUpstreams(workspace);
    const sealingKey = await newSealingKey;
    const certificate = await readCertificate(
      sealingKey.certificate,
      "the rehearsal's certificate",
    );
    const known = new Map<string, ApplicationState>();

    async function prepare(tree: Tree) {
      const [{ applications }, resources] = await Promise.all([
        renderEnvironment(tree, environment),
        renderAll(tree, environment),
      ]);
      const standIns = [
        ...withoutUnserved(environment, await upstreams.serve(applications), served),
        ...selfSignedIssuers(resources),
      ];
      const committed = await rehearsalCommit(tree, {
        environment,
        repository: repository.url,
        upstreams: upstreams.urls,
        certificate,
        standIns,
      });
      const manifests = resources.map(({ manifest }) => manifest);
      const pools = manifests.filter(({ kind }) => kind === "ContainerNodePool");
      await provideNodes(cluster, pools);
      brokers.answerFor(manifests);
      prometheus.answerFor(manifests);
      return { applications, resources, standIns, committed };
    }

    type Prepared = Awaited<ReturnType<typeof prepare>>;
    async function install({ applications, resources, committed }: Prepared): Promise<void> {
      events.onPhase("Argo CD");
      const upstream = await renderUpstream(applications);
      const steps = planBootstrap({
        argocd: upstream.argocd,
        definitions: [...upstream.definitions, ...definitionsAmong(resources)],
        cluster: (await renderEnvironment(committed, environment)).cluster,
        sealingKey: await sealingKeySecret(sealingKey, { namespace: "sealed-secrets" }),
      });
      await runBootstrap(steps, kubectl, workspace.assertRunning);
      await startArgocd(workspace, binaries, kubeconfig, upstream.argocd);
    }

    async function sync(tree: Tree, message: string): Promise<Verdict> {
      const prepared = await prepare(tree);
      const { applications, resources, standIns, committed } = prepared;
      const since = new Date();
      const revision = await repository.commit(committed, message);
      if (start === undefined) {
        await install(prepared);
        events.onPhase("the first sync");
        start = Date.now();
      } else await cluster.refreshApplications();
      tell("git", `commit ${revision.slice(0, 7)}: ${message}`);
      const outcome = await follow({
        cluster,
        expectation: {
          applications: ["root", ...applications.map(({ metadata }) => metadata.name)],
          revision,
        },
        known,
        start,
        onEvent: events.onEvent,
        onStates: events.onStates,
        async advance() {
          workspace.assertRunning();
          await Promise.all([operators.look(), kwok.look()]);
        },
      });
      if (outcome.kind === "failed") {
        return {
          kind: "failed",
          causes: await explainCauses(outcome.causes, resources, cluster, since),
        };
      }
      return {
        kind: "healthy",
        simulated: await simulatedAmong(cluster),
        standIns: standIns.map(({ target, told }) => `${target.name}: ${told}`),
      };
    }

    const inbox = await createInbox(workspace);
    const { lead } = services;
    return { kubeconfig, inbox, pushed: workspace.path("pushed"), cluster, lead, sync, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function buildTools(onBuild: OnBuild): Promise<Record<ToolName, string>> {
  const paths: Partial<Record<ToolName, string>> = {};
  // One after another: they share most of one compile.
  for (const name of rehearsalTools) paths[name] = await tool(name, onBuild);
  return paths as Record<ToolName, string>;
}
