import { describe, expect, it } from "vitest";
import {
  readSettings,
  StartError,
} from "../../base/jaguar-engine/images/jaguar-engine/src/settings.ts";

const command = ["jaguar_server"];

describe("readSettings", () => {
  it("has the contract's ports and rate where the environment says nothing", () => {
    expect(readSettings({}, command)).toEqual({
      command: ["jaguar_server"],
      host: "0.0.0.0",
      clientPort: 8081,
      serverPort: 18081,
      metricsPort: 9090,
      grpcPort: 50051,
      tickRate: 20,
      timeScale: 1,
      maxClients: 100,
      probeTimeout: 2000,
      stallTimeout: 60_000,
      drainTime: 2000,
      killAfter: 2000,
    });
  });

  it("takes what the environment says, in seconds", () => {
    const environment = {
      JAGUAR_METRICS_PORT: "19090",
      JAGUAR_DRAIN_SECONDS: "0.5",
      JAGUAR_TICK_RATE: "10",
      JAGUAR_DELETION_COST: "true",
      JAGUAR_NAMESPACE: "jaguar",
      JAGUAR_NODE_ID: "jaguar-engine-0",
    };
    expect(readSettings(environment, ["stdbuf", "jaguar_server"])).toMatchObject({
      command: ["stdbuf", "jaguar_server"],
      metricsPort: 19090,
      drainTime: 500,
      tickRate: 10,
      pod: { namespace: "jaguar", name: "jaguar-engine-0" },
    });
  });

  it("says everything that is wrong at once", () => {
    const environment = {
      // At more than 20 Hz the loop of jaguar_server stalls
      JAGUAR_TICK_RATE: "60",
      JAGUAR_WS_PORT: "ws",
      JAGUAR_GRPC_PORT: "50051.5",
      JAGUAR_DELETION_COST: "yes",
    };
    expect(() => readSettings(environment, [])).toThrow(StartError);
    expect(() => readSettings(environment, [])).toThrow(
      [
        'Cannot start: there is no command: name jaguar_server as the first argument; JAGUAR_WS_PORT is "ws" and must be a number from 0 to 65535',
        'JAGUAR_GRPC_PORT is "50051.5" and must be a whole number',
        'JAGUAR_TICK_RATE is "60" and must be a number from 1 to 20',
        'JAGUAR_DELETION_COST is "yes" and must be "true" or "false", with the pod in JAGUAR_NAMESPACE and JAGUAR_NODE_ID',
      ].join("; "),
    );
  });

  it("needs the pod's name for a deletion cost", () => {
    expect(() => readSettings({ JAGUAR_DELETION_COST: "true" }, command)).toThrow("JAGUAR_NODE_ID");
    expect(readSettings({ JAGUAR_DELETION_COST: "false" }, command)).not.toHaveProperty("pod");
  });
});
