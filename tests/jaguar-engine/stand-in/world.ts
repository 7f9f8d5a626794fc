type Domain = "air" | "land" | "sea" | "space";
type Entity = { readonly id: number; readonly name: string; readonly domain: Domain };

const domains: readonly Domain[] = ["air", "land", "sea", "space"];
const demo: readonly Domain[] = ["air", "air", "air", "land", "land", "sea", "sea", "space"];

/** The world of jaguar_server as far as its messages show it: eight demo entities, idle until `start`. */
export class World {
  status: "idle" | "paused" | "running" | "stopped" = "idle";
  frameRate = 20;
  simulationTime = 0;
  readonly #entities = new Map<number, Entity>();
  #nextId = 1;
  #serialized: Buffer | undefined;

  constructor(entities = demo.length) {
    for (let index = 0; index < entities; index += 1) {
      const domain = demo[index] ?? "air";
      this.spawn(`demo ${index}`, domain);
    }
  }

  get size(): number {
    return this.#entities.size;
  }

  spawn(name: string, domain: Domain): number {
    const id = this.#nextId++;
    this.#entities.set(id, { id, name, domain });
    this.#serialized = undefined;
    return id;
  }

  destroy(id: number): void {
    this.#entities.delete(id);
    this.#serialized = undefined;
  }

  /** The order of the fields, six decimals, names as they came: all as upstream writes them. */
  serialize(now = Date.now()): Buffer {
    this.#serialized ??= Buffer.from([...this.#entities.values()].map(serializeEntity).join(","));
    const count = (domain: Domain) =>
      [...this.#entities.values()].filter((entity) => entity.domain === domain).length;
    const byDomain = domains.map((domain) => `"${domain}":${count(domain)}`).join(",");
    const stats = [
      `"simulationTime":${this.simulationTime.toFixed(6)}`,
      `"wallClockTime":${this.simulationTime.toFixed(6)}`,
      `"deltaTime":0.050000`,
      `"realtimeRatio":1.000000`,
      `"frameRate":${this.frameRate.toFixed(6)}`,
      `"physicsTime":0.000000`,
      `"totalEntities":${this.size}`,
      `"activeEntities":${this.size}`,
      `"entitiesByDomain":{${byDomain}}`,
      `"collisionChecks":0`,
      `"activeCollisions":0`,
    ].join(",");
    return Buffer.concat([
      Buffer.from(`{"type":"world_state","timestamp":${now},"data":{"entities":[`),
      this.#serialized,
      Buffer.from(`],"stats":{${stats}},"status":"${this.status}"}}`),
    ]);
  }
}

/** About 480 bytes, as measured. */
function serializeEntity({ id, name, domain }: Entity): string {
  const place = `"position":{"longitude":126.978000,"latitude":37.566500,"altitude":5000.000000}`;
  const speed = `"velocity":{"north":0.000000,"east":150.000000,"down":0.000000}`;
  const turn = `"orientation":{"roll":0,"pitch":0,"yaw":0}`;
  const air = `"airspeed":150.000000,"machNumber":0.437318,"altitude":5000.000000,"verticalSpeed":0.000000`;
  const rest = `"throttle":0.7,"fuel":80,"gearDown":false,"flapsPosition":0,"aoa":2,"gForce":1.0,"rudder":0`;
  return `{"id":"entity_${id}","name":"${name}","domain":"${domain}","kind":"platform","isActive":true,"health":100.000000,${place},${speed},${turn},${air},${rest}}`;
}
