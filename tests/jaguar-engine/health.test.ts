import { describe, expect, it } from "vitest";
import { type Answer, Health } from "../../base/jaguar-engine/images/jaguar-engine/src/health.ts";

/** A server that answers, or does not, as a test says; what was told about it is kept. */
function setup() {
  const told: Answer[] = [];
  const server = { probes: 0, problem: undefined as string | undefined };
  const health = new Health(
    async () => {
      server.probes += 1;
      await Promise.resolve();
      if (server.problem) throw new Error(server.problem);
    },
    (answer) => told.push(answer),
  );
  return { health, server, told };
}

const answers = { ok: true, reason: "the server answers" };
const silent = { ok: false, reason: "the server does not answer: no state" };

describe("Health", () => {
  it("is ready, live and started when the server answers", async () => {
    const { health } = setup();
    expect(await health.ready()).toEqual(answers);
    expect(await health.live()).toEqual(answers);
    expect(await health.startup()).toEqual({ ok: true, reason: "started" });
  });

  it("stays started when the server hangs, and is neither ready nor live", async () => {
    const { health, server } = setup();
    await health.startup();
    server.problem = "no state";
    expect(await health.startup()).toMatchObject({ ok: true });
    expect(await health.ready()).toEqual(silent);
    expect(await health.live()).toEqual(silent);
  });

  it("has not started before the first answer", async () => {
    const { health, server } = setup();
    server.problem = "no state";
    expect(await health.startup()).toEqual(silent);
    server.problem = undefined;
    expect(await health.startup()).toEqual(answers);
  });

  it("asks once for questions that come together", async () => {
    const { health, server } = setup();
    await Promise.all([health.ready(), health.live(), health.startup()]);
    expect(server.probes).toBe(1);
    await health.ready();
    expect(server.probes).toBe(2);
  });

  it("is live and not ready while it drains, and does not ask", async () => {
    const { health, server } = setup();
    await health.ready();
    health.drain();
    expect(await health.ready()).toEqual({ ok: false, reason: "draining" });
    expect(await health.live()).toEqual({ ok: true, reason: "draining" });
    expect(server.probes).toBe(1);
  });

  it("tells changes and nothing else", async () => {
    const { health, server, told } = setup();
    await health.check();
    await health.check();
    server.problem = "no state";
    await health.check();
    await health.check();
    server.problem = undefined;
    await health.check();
    health.drain();
    expect(told).toEqual([answers, silent, answers, { ok: false, reason: "draining" }]);
  });

  it("does not take a probe's late answer for the end of draining", async () => {
    const { health, told } = setup();
    const late = health.ready();
    health.drain();
    await late;
    expect(told.map(({ ok }) => ok)).toEqual([false]);
  });
});
