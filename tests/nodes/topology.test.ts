import { expect, it } from "vitest";
import { chipsOf } from "../../scripts/nodes/topology.ts";

it.each([
  ["1x1", 1],
  ["2x2", 4],
  ["2x4", 8],
  ["4x4", 16],
  // As the operator does with whatever is not two numbers
  ["2x2x2", 4],
  ["", 4],
])("chipsOf() counts the chips of %j as Termite's operator does", (topology, chips) => {
  expect(chipsOf(topology)).toBe(chips);
});
