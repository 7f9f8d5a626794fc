import { debianPackages, type Packages } from "../tools/debian.ts";

/** The servers that the pipelines stand on, together: they are unpacked once for everything that starts one. */
export function serverPackages(): Promise<Packages> {
  return debianPackages(["postgresql", "rabbitmq-server", "redis-server"]);
}
