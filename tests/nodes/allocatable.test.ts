import { expect, it } from "vitest";
import { allocatableOf } from "../../scripts/nodes/allocatable.ts";
import { machineOf } from "../../scripts/nodes/machine-types.ts";

const of = (type: string) => allocatableOf(machineOf(type, "general"), 100);

// The sizes of the N1 machines in Google's table of allocatable CPU, which n2 and e2 share.
it.each([
  ["n2-standard-2", 1930], // 2000 - 60 - 10
  ["n2-standard-4", 3920], // and 0.5 % of two cores
  ["n2-standard-8", 7910], // and 0.25 % of four
  ["n2-standard-16", 15890],
  ["n2-standard-32", 31850],
  ["n2-standard-64", 63770],
  ["n2-standard-96", 95690],
  ["ct5lp-hightpu-8t", 223370], // 60 + 10 + 10 + 220 × 2.5 are reserved
  ["e2-medium", 940], // shared cores: 1060 are reserved, whatever the size
])("allocatableOf() leaves the CPU of %s that Google publishes", (type, milliCpu) => {
  expect(of(type).milliCpu).toBe(milliCpu);
});

it.each([
  ["n2-standard-2", 8 * 1024 - 1024 - 819.2 - 100], // 25 % of 4 GiB, 20 % of 4 GiB, and the threshold
  ["n2-standard-4", 16 * 1024 - 1024 - 819.2 - 819.2 - 100], // and 10 % of 8 GiB
  ["e2-standard-8", 32 * 1024 - 2662.4 - 983.04 - 100], // and 6 % of 16 GiB
  ["ct5lp-hightpu-4t", 192 * 1024 - 2662.4 - 6881.28 - 1310.72 - 100], // 6 % of 112 and 2 % of 64 GiB
  ["e2-small", 2048 - 512 - 100],
  ["e2-micro", 1024 - 256 - 100],
])("allocatableOf() takes its share of each band of the memory of %s", (type, memory) => {
  expect(of(type).memoryMiB).toBe(Math.floor(memory));
});

it("allocatableOf() reserves 255 MiB of a machine with less than 1 GiB", () => {
  const small = { type: "f1-micro", vcpus: 1, memoryGiB: 0.6 };
  expect(allocatableOf(small, 100).memoryMiB).toBe(259); // 614.4 - 255 - 100
});

it("allocatableOf() leaves the storage of Google's example: 47060071478 bytes of a 100 GiB disk", () => {
  expect(of("e2-standard-4").ephemeralStorageKi).toBe(Math.floor(47_060_071_478 / 1024));
});

it("allocatableOf() reserves half of a small disk, and 100 GiB of a large one", () => {
  const machine = machineOf("e2-standard-4", "general");
  const image = 6_025_692; // 100 GiB are 104857600Ki, of which the example shows 98831908Ki
  const ki = (disk: number, reserved: number) =>
    Math.floor((disk * 1_048_576 - image) * 0.9 - reserved * 1_048_576);
  expect(allocatableOf(machine, 32).ephemeralStorageKi).toBe(ki(32, 16));
  expect(allocatableOf(machine, 400).ephemeralStorageKi).toBe(ki(400, 100));
});
