import { fileURLToPath } from "node:url";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { HealthImplementation } from "grpc-health-check";
import { StartError } from "./settings.ts";

const described = fileURLToPath(new URL("health.proto", import.meta.url));

/** The gRPC health service, with reflection so that `grpcurl` can list it. The simulation has no gRPC interface. */
export class GrpcHealth {
  readonly #server = new Server();
  readonly #health = new HealthImplementation({ "": "NOT_SERVING" });

  constructor() {
    this.#health.addToServer(this.#server);
    new ReflectionService(loadSync(described)).addToServer(this.#server);
  }

  /** Resolves to the port. */
  async listen(host: string, port: number): Promise<number> {
    const credentials = ServerCredentials.createInsecure();
    return await new Promise((resolve, reject) => {
      this.#server.bindAsync(`${host}:${port}`, credentials, (error, bound) => {
        if (error) reject(new StartError(`Cannot listen on ${host}:${port}: ${error.message}`));
        else resolve(bound);
      });
    });
  }

  set serving(isServing: boolean) {
    this.#health.setStatus("", isServing ? "SERVING" : "NOT_SERVING");
  }

  /** Those who watch never hang up by themselves. */
  close(): void {
    this.#server.forceShutdown();
  }
}
