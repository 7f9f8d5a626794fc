import {
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  makeClientConstructor,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { service } from "grpc-health-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GrpcHealth } from "../../base/jaguar-engine/images/jaguar-engine/src/grpc.ts";
import { until } from "./support.ts";

const HealthClient = makeClientConstructor(service as never, "Health");

type Reply = {
  readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Buffer[] };
};

let grpc: GrpcHealth;
let address: string;
let client: InstanceType<ServiceClientConstructor>;

beforeEach(async () => {
  grpc = new GrpcHealth();
  address = `127.0.0.1:${await grpc.listen("127.0.0.1", 0)}`;
  client = new HealthClient(address, credentials.createInsecure());
});
afterEach(() => {
  client.close();
  grpc.close();
});

async function check(name: string): Promise<unknown> {
  return await new Promise((resolve) => {
    client.check?.({ service: name }, (error: Error | null, reply: unknown) =>
      resolve(error ? error.message : reply),
    );
  });
}

describe("GrpcHealth", () => {
  it("serves nobody before it is told", async () => {
    expect(await check("")).toEqual({ status: "NOT_SERVING" });
    grpc.serving = true;
    expect(await check("")).toEqual({ status: "SERVING" });
  });

  it("knows no other service", async () => {
    expect(await check("jaguar.Simulation")).toContain("5 NOT_FOUND");
  });

  it("tells those who watch, once for each change", async () => {
    const told: string[] = [];
    const stream: ClientReadableStream<{ status: string }> = client.watch?.({ service: "" });
    stream.on("data", ({ status }) => told.push(status));
    stream.on("error", () => {});
    await until(() => told.length === 1);
    grpc.serving = true;
    await until(() => told.length === 2);
    grpc.serving = false;
    await until(() => told.length === 3);
    expect(told).toEqual(["NOT_SERVING", "SERVING", "NOT_SERVING"]);
    stream.cancel();
  });

  it("ends although somebody watches", async () => {
    const stream: ClientReadableStream<unknown> = client.watch?.({ service: "" });
    stream.on("data", () => {});
    const ended = new Promise((resolve) => stream.on("error", resolve));
    expect(await check("")).toEqual({ status: "NOT_SERVING" });
    grpc.close();
    expect(await ended).toBeInstanceOf(Error);
  });

  it("says that its port is taken", async () => {
    const second = new GrpcHealth();
    await expect(second.listen("127.0.0.1", Number(address.split(":")[1]))).rejects.toThrow(
      `Cannot listen on ${address}: `,
    );
    second.close();
  });

  it("lists the health service by reflection, and describes it without a map", async () => {
    const proto = "node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto";
    const loaded = loadPackageDefinition(loadSync(proto, { keepCase: true })) as unknown as {
      grpc: { reflection: { v1: { ServerReflection: ServiceClientConstructor } } };
    };
    const { ServerReflection } = loaded.grpc.reflection.v1;
    const reflection = new ServerReflection(address, credentials.createInsecure());
    const ask = async (question: object): Promise<Reply> =>
      await new Promise((resolve, reject) => {
        const stream = reflection.ServerReflectionInfo?.();
        stream.on("data", resolve);
        stream.on("error", reject);
        stream.write(question);
        stream.end();
      });
    const listed = await ask({ list_services: "" });
    expect(listed.list_services_response?.service).toEqual([{ name: "grpc.health.v1.Health" }]);
    const described = await ask({ file_containing_symbol: "grpc.health.v1.Health" });
    const [descriptor] = described.file_descriptor_response?.file_descriptor_proto ?? [];
    const text = descriptor?.toString("latin1") ?? "";
    for (const name of ["Check", "Watch", "HealthCheckResponse"]) expect(text).toContain(name);
    // grpcurl refuses the whole file over the name that protobufjs gives to the entry of a map
    expect(text).not.toContain("Entry");
    reflection.close();
  });
});
