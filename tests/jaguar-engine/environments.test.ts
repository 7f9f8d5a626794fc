import { describe, expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";
import { limits } from "./limits.ts";

const targets = readFleet(repository).targets.filter(({ app }) => app === "jaguar-engine");
const rendered = new Map(
  (await renderTargets(repository, targets)).map(({ target, resources }) => [
    target.environment,
    resources.map(({ manifest }) => manifest),
  ]),
);

/** Types, values and periods of policies, and the window, as `100 % / 15 s`. */
type Rate = {
  readonly window: number;
  readonly least: readonly string[];
  /** Every 15 s, the most pods on the way up and the fewest on the way down. */
  readonly pods: readonly number[];
};
type Expected = {
  readonly pods: readonly [number, number];
  readonly triggers: Readonly<Record<string, string>>;
  readonly up: Rate;
  readonly down: Rate;
  readonly requests: object;
  readonly limits: object;
  readonly grace: number;
  readonly priority: string | undefined;
  /** Delay, period, timeout and failures of the probes. */
  readonly startup: readonly number[];
  readonly readiness: readonly number[];
  readonly liveness: readonly number[];
  readonly thresholds: readonly number[];
};

const staging: Expected = {
  pods: [2, 20],
  triggers: { prometheus: "7000", cpu: "70", memory: "75" },
  up: { window: 30, least: ["50 % / 30 s", "2 / 30 s"], pods: [2, 3, 3, 5, 5] },
  down: { window: 300, least: ["10 % / 60 s", "1 / 60 s"], pods: [20, 19, 19, 19, 19, 18] },
  requests: { cpu: "1", memory: "2Gi" },
  limits: { cpu: "4", memory: "8Gi" },
  grace: 60,
  priority: undefined,
  startup: [0, 10, 3, 30],
  readiness: [10, 5, 3, 3],
  liveness: [30, 10, 5, 3],
  thresholds: [8000, 2000, 70, 75],
};

const environments: Readonly<Record<string, Expected>> = {
  dev: {
    ...staging,
    pods: [1, 5],
    triggers: { cpu: "80" },
    up: { window: 60, least: ["1 / 60 s"], pods: [1, 2, 2, 2, 2, 3] },
    down: { window: 180, least: ["1 / 120 s"], pods: [5, 4, 4, 4, 4, 4, 4, 4, 4, 3] },
    requests: { cpu: "500m", memory: "1Gi" },
    limits: { cpu: "2", memory: "4Gi" },
    thresholds: [5000, 1000, 80, 75],
  },
  staging,
  prod: {
    ...staging,
    pods: [3, 100],
    up: {
      window: 15,
      least: ["100 % / 15 s", "5 / 15 s", "20 / 60 s"],
      pods: [3, 6, 11, 16, 21, 26],
    },
    down: {
      window: 600,
      least: ["5 % / 120 s", "1 / 120 s", "3 / 300 s"],
      pods: [100, 99, 99, 99, 99, 99, 99, 99, 99, 98],
    },
    requests: { cpu: "2", memory: "4Gi" },
    limits: { cpu: "8", memory: "16Gi" },
    grace: 120,
    priority: "high-priority",
    startup: [0, 10, 5, 60],
    readiness: [30, 5, 3, 2],
    liveness: [60, 10, 5, 3],
  },
};

describe.each(Object.entries(environments))("%s", (environment, expected) => {
  const all = rendered.get(environment) ?? [];
  const scaledObject = one(all, "ScaledObject");
  const deployment = one(all, "Deployment");
  const [container] = deployment.spec.template.spec.containers;
  const settings = one(all, "ConfigMap", /^jaguar-engine-config/).data;

  it("scales between its limits, by its targets, at the lower of its rates", () => {
    const { minReplicaCount, maxReplicaCount, triggers, advanced } = scaledObject.spec;
    const { scaleUp, scaleDown } = advanced.horizontalPodAutoscalerConfig.behavior;
    expect([minReplicaCount, maxReplicaCount]).toEqual(expected.pods);
    expect(targetsOf(triggers)).toEqual(expected.triggers);
    expect(rateOf(scaleUp, minReplicaCount, expected.up.pods.length)).toEqual(expected.up);
    expect(rateOf(scaleDown, maxReplicaCount, -expected.down.pods.length)).toEqual(expected.down);
  });

  it("has its resources, probes, time to end and priority", () => {
    expect(container.resources).toEqual({ requests: expected.requests, limits: expected.limits });
    expect(numbersOf(container.startupProbe)).toEqual(expected.startup);
    expect(numbersOf(container.readinessProbe)).toEqual(expected.readiness);
    expect(numbersOf(container.livenessProbe)).toEqual(expected.liveness);
    const { terminationGracePeriodSeconds, priorityClassName } = deployment.spec.template.spec;
    expect([terminationGracePeriodSeconds, priorityClassName]).toEqual([
      expected.grace,
      expected.priority,
    ]);
  });

  it("alerts and scales by what its settings say", () => {
    const [group] = one(all, "PrometheusRule", /thresholds$/).spec.groups;
    expect(group.rules.map(({ expr }: { expr: string }) => Number(expr))).toEqual(
      expected.thresholds,
    );
    const names = ["entity_scale_up", "entity_scale_down", "cpu_scale_up", "memory_scale_up"];
    expect(names.map((name) => Number(settings[`${name}_threshold`]))).toEqual(expected.thresholds);
    const { cpu, memory } = targetsOf(scaledObject.spec.triggers);
    expect(cpu).toBe(settings.cpu_scale_up_threshold);
    if (memory) expect(memory).toBe(settings.memory_scale_up_threshold);
    expect(Number(settings.scale_up_cooldown_seconds)).toBe(expected.up.window);
    expect(Number(settings.scale_down_cooldown_seconds)).toBe(expected.down.window);
  });

  it("has one target of everything: the pods of its one Deployment", () => {
    const labels = deployment.spec.template.metadata.labels;
    const selectors = [
      deployment.spec.selector.matchLabels,
      one(all, "PodDisruptionBudget").spec.selector.matchLabels,
      ...of(all, "Service").map(({ spec }) => spec.selector),
    ];
    for (const selector of selectors) expect(labels).toMatchObject(selector);
    expect(scaledObject.spec.scaleTargetRef.name).toBe(deployment.metadata.name);
    for (const { spec } of of(all, "VerticalPodAutoscaler")) {
      expect(spec.targetRef).toMatchObject({ kind: "Deployment", name: deployment.metadata.name });
      expect(spec.updatePolicy.updateMode).toBe("Off");
    }
    // Git says nothing that the autoscaler owns
    expect(deployment.spec.replicas).toBeUndefined();
  });

  it("rolls without a moment of fewer pods", () => {
    expect(deployment.spec.strategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it("is scraped once", () => {
    const { selector, endpoints } = one(all, "ServiceMonitor").spec;
    const matching = of(all, "Service").filter(({ metadata }) =>
      Object.entries(selector.matchLabels).every(
        ([key, value]) => metadata.labels?.[key] === value,
      ),
    );
    const ports = matching.flatMap(({ spec }) => spec.ports.map((port: Port) => port.name));
    expect(ports).toEqual([endpoints[0].port]);
  });

  it("has Services of IPv4 inside the cluster alone, with the ports that it listens on", () => {
    const listening = container.ports.map((port: ContainerPort) => port.containerPort);
    expect(listening).toEqual([8081, 50051, 9090]);
    for (const { spec } of of(all, "Service")) {
      expect(spec).toMatchObject({ type: "ClusterIP", ipFamilyPolicy: "SingleStack" });
      expect(spec.ipFamilies).toEqual(["IPv4"]);
      const names = container.ports.map((port: Port) => port.name);
      for (const { targetPort } of spec.ports) expect(names).toContain(targetPort);
    }
  });

  it("lets a node drain: a pod may go even where there is one", () => {
    const { spec } = one(all, "PodDisruptionBudget");
    expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the shape is the API's, by kind.
type Any = any;
type Port = { readonly name: string; readonly port: number };
type ContainerPort = { readonly containerPort: number };
type Live = Manifest & Readonly<Record<string, Any>>;

function of(all: readonly Manifest[], kind: string): Live[] {
  return all.filter((manifest) => manifest.kind === kind) as Live[];
}

function one(all: readonly Manifest[], kind: string, name = /./): Live {
  const [first, ...others] = of(all, kind).filter(({ metadata }) => name.test(metadata.name));
  if (!first || others.length > 0) throw new Error(`Not exactly one ${kind} named ${name}`);
  return first;
}

function targetsOf(triggers: readonly Any[]): Record<string, string> {
  return Object.fromEntries(
    triggers.map(({ type, metadata }) => [type, metadata.threshold ?? metadata.value]),
  );
}

/** `looks` are positive on the way up and negative on the way down. */
function rateOf(rates: Any, start: number, looks: number): Rate {
  const { stabilizationWindowSeconds, selectPolicy, policies } = rates;
  // `Max`, the default, would make floors of the caps
  expect(selectPolicy).toBe("Min");
  return {
    window: stabilizationWindowSeconds,
    least: policies.map(
      ({ type, value, periodSeconds }: Any) =>
        `${value}${type === "Percent" ? " %" : ""} / ${periodSeconds} s`,
    ),
    pods: limits(rates, start, 15 * (Math.abs(looks) - 1), looks > 0 ? 1 : -1),
  };
}

function numbersOf({
  initialDelaySeconds = 0,
  periodSeconds,
  timeoutSeconds,
  failureThreshold,
}: Any) {
  return [initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold];
}
