import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { limits, type Rates } from "./limits.ts";
import { type Series, testRules } from "./rules.ts";

type ScaledObject = {
  readonly spec: {
    readonly advanced: {
      readonly horizontalPodAutoscalerConfig: {
        readonly name: string;
        readonly behavior: { readonly scaleUp: Rates; readonly scaleDown: Rates };
      };
    };
    readonly triggers: readonly {
      readonly metricType: string;
      readonly metadata: Readonly<Record<string, string>>;
    }[];
  };
};

const { spec } = load(
  readFileSync("base/jaguar-engine/scaled-object.yaml", "utf8"),
) as ScaledObject;
const [{ metricType, metadata } = { metricType: "", metadata: {} }] = spec.triggers;
const { query = "", threshold, ignoreNullValues } = metadata;

/** Pods by name: their entities, or nothing where the server is silent; `down` is not scraped. */
function pods(worlds: Readonly<Record<string, number | "silent" | "down">>): Series {
  return Object.fromEntries(
    Object.entries(worlds).flatMap(([pod, world]) => {
      const labels = `{job="jaguar-engine",namespace="jaguar",pod="${pod}"}`;
      const up = [`up${labels}`, world === "down" ? "0x10" : "1x10"];
      return typeof world === "number"
        ? [up, [`jaguar_entity_count${labels}`, `${world}x10`]]
        : [up];
    }),
  );
}

describe("the query for entities", () => {
  it.each<[string, Series, number[]]>([
    ["14,000 on each of two pods", pods({ a: 14_000, b: 14_000 }), [28_000]],
    ["a fresh pod", pods({ a: 8 }), [8]],
    ["a pod whose server is silent", pods({ a: 14_000, b: "silent" }), []],
    ["a pod that is not scraped", pods({ a: 14_000, b: "down" }), []],
    ["no pod", {}, []],
  ])("answers for %s", async (_, series, answer) => {
    const samples = answer.map((value) => ({ labels: "{}", value }));
    expect(
      await testRules([{ series, at: "1m", expect: [{ expr: query, samples }] }]),
    ).toMatchObject({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });

  it("is an error for the autoscaler where it has no answer", () => {
    expect(ignoreNullValues).toBe("false");
  });

  it("is divided by the pods, against 7,000", () => {
    expect(metricType).toBe("AverageValue");
    expect(threshold).toBe("7000");
  });
});

describe("the autoscaler's behaviour", () => {
  const { name, behavior } = spec.advanced.horizontalPodAutoscalerConfig;
  const { scaleUp, scaleDown } = behavior;

  it("is that of the HPA that the rules ask about", () => {
    expect(name).toBe("jaguar-engine-hpa");
    expect([scaleUp.selectPolicy, scaleDown.selectPolicy]).toEqual(["Min", "Min"]);
    expect(scaleUp.stabilizationWindowSeconds).toBe(30);
    expect(scaleDown.stabilizationWindowSeconds).toBe(300);
  });

  it("doubles every 15 s, and grows by 10 a minute at most", () => {
    const curve = limits(scaleUp, 1, 600, 1);
    expect(curve.slice(0, 5)).toEqual([1, 2, 4, 8, 11]);
    for (let index = 4; index < curve.length; index += 1) {
      expect((curve[index] ?? 0) - (curve[index - 4] ?? 0)).toBeLessThanOrEqual(10);
    }
    // The table of the README
    const table = readFileSync("base/jaguar-engine/README.md", "utf8");
    const row = (title: string) =>
      (new RegExp(`^\\| ${title} \\|(.*)\\|$`, "m").exec(table)?.[1] ?? "").split("|").map(Number);
    const told = row("second").map((second) => Math.min(100, curve[second / 15] ?? 0));
    expect(row("pods, at most")).toEqual(told);
  });

  it("shrinks by 5 in two minutes at most", () => {
    const curve = limits(scaleDown, 100, 1200, -1);
    for (let index = 8; index < curve.length; index += 1) {
      expect((curve[index - 8] ?? 0) - (curve[index] ?? 0)).toBeLessThanOrEqual(5);
    }
    expect(curve.at(-1)).toBeLessThan(60);
  });
});
