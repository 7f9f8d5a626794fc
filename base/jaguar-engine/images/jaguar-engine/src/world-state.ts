/** What a `world_state` says about the world as a whole. */
export type WorldState = {
  /** Milliseconds since 1970, by the server's clock, which is also ours. */
  readonly timestamp: number;
  readonly entities: number;
  /** Broadcasts per second. */
  readonly frameRate: number;
  readonly physicsTime: number;
  readonly simulationTime: number;
  readonly status: "idle" | "paused" | "running" | "stopped";
};

/** The subprotocol without which jaguar_server accepts a connection and then never sends anything. */
export const subprotocol = "jaguar-protocol";

export type Head = { readonly type: string; readonly timestamp?: number };

/** The type of any message of the server, from its first bytes. */
export function readHead(message: Buffer): Head | undefined {
  const [, type, timestamp] = headPattern.exec(message.toString("latin1", 0, 96)) ?? [];
  if (type === undefined) return undefined;
  return timestamp === undefined ? { type } : { type, timestamp: Number(timestamp) };
}

/**
 * Reads the figures at the end of a `world_state`. The entities before them are 480 bytes each and
 * are not parsed: that would cost a core at 7,000 entities, and the server does not escape their
 * names, so one backslash in a name makes the whole message something else than JSON.
 */
export function readWorldState(message: Buffer): WorldState | undefined {
  const { type, timestamp } = readHead(message) ?? {};
  if (type !== "world_state" || timestamp === undefined) return undefined;
  const end = message.toString("utf8", Math.max(0, message.length - longestEnd));
  // A name cannot imitate this: the server ends names at the first quotation mark.
  const start = end.lastIndexOf('"stats":{');
  if (start < 0) return undefined;
  try {
    const { stats, status } = JSON.parse(`{${end.slice(start, -1)}`);
    const state = {
      timestamp,
      entities: stats.totalEntities,
      frameRate: stats.frameRate,
      physicsTime: stats.physicsTime,
      simulationTime: stats.simulationTime,
    };
    const isComplete = Object.values(state).every((value) => Number.isFinite(value));
    return isComplete && statuses.has(status) ? { ...state, status } : undefined;
  } catch {
    return undefined;
  }
}

const headPattern = /^\{"type":"([a-z_]+)"(?:,"timestamp":(\d+))?/;
const longestEnd = 2048;
const statuses: ReadonlySet<unknown> = new Set(["idle", "paused", "running", "stopped"]);
