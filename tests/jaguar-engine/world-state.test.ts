import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  readHead,
  readWorldState,
} from "../../base/jaguar-engine/images/jaguar-engine/src/world-state.ts";
import { World } from "./stand-in/world.ts";

describe("readWorldState", () => {
  it("reads the eight demo entities of a fresh server", () => {
    expect(readWorldState(new World().serialize(1234))).toEqual({
      timestamp: 1234,
      entities: 8,
      frameRate: 20,
      physicsTime: 0,
      simulationTime: 0,
      status: "idle",
    });
  });

  it("reads 7,000 entities and parses at most 2,048 characters of 3.4 MB", () => {
    const message = new World(7000).serialize();
    expect(message.length / 7000).toBeGreaterThan(460);
    expect(message.length / 7000).toBeLessThan(500);
    const parse = vi.spyOn(JSON, "parse");
    try {
      expect(readWorldState(message)?.entities).toBe(7000);
      expect(Math.max(...parse.mock.calls.map(([text]) => text.length))).toBeLessThanOrEqual(2048);
    } finally {
      parse.mockRestore();
    }
  });

  it("reads a state in which an entity's name makes it no JSON", () => {
    const world = new World();
    world.spawn("back\\", "sea");
    const message = world.serialize();
    expect(() => JSON.parse(message.toString())).toThrow(SyntaxError);
    expect(readWorldState(message)?.entities).toBe(9);
  });

  it.each([
    ["nothing", ""],
    ["another type", '{"type":"error","message":"Entity not found"}'],
    ["no statistics", '{"type":"world_state","timestamp":1,"data":{"entities":[]}}'],
    ["a state that was cut off", new World().serialize().subarray(0, -20).toString()],
    ["no number", edited('"totalEntities":8', '"totalEntities":"8"')],
    ["what C++ prints for no number", edited('"frameRate":20.000000', '"frameRate":-nan')],
    ["a missing figure", edited('"physicsTime":0.000000,', "")],
    ["an unknown status", edited('"status":"idle"', '"status":"dancing"')],
    [
      "no timestamp",
      new World()
        .serialize()
        .toString()
        .replace(/"timestamp":\d+,/, ""),
    ],
  ])("finds no state in %s", (_, text) => {
    expect(readWorldState(Buffer.from(text))).toBeUndefined();
  });

  it("survives any bytes, and any end of a state", () => {
    const start = Buffer.from('{"type":"world_state","timestamp":1,"data":{"stats":{');
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(readWorldState(Buffer.from(bytes))).toBeUndefined();
        expect(readWorldState(Buffer.concat([start, bytes]))).toBeUndefined();
      }),
    );
  });
});

describe("readHead", () => {
  it.each([
    ['{"type":"entity_spawned","data":{}}', { type: "entity_spawned" }],
    ['{"type":"physics_debug","timestamp":5,"data":{}}', { type: "physics_debug", timestamp: 5 }],
    ["<html>", undefined],
  ])("reads %s", (text, head) => {
    expect(readHead(Buffer.from(text))).toEqual(head);
  });
});

function edited(text: string, replacement: string): string {
  const before = new World().serialize().toString();
  expect(before).toContain(text);
  return before.replace(text, replacement);
}
