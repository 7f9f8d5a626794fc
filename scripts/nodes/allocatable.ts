import type { Machine } from "./machine-types.ts";

/** What GKE leaves of a machine to pods, its own system pods included. */
export type Allocatable = {
  readonly milliCpu: number;
  readonly memoryMiB: number;
  readonly ephemeralStorageKi: number;
};

/**
 * What pods can request on a machine, by the formulas that Google publishes:
 * https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
 */
export function allocatableOf(machine: Machine, diskGiB: number): Allocatable {
  const memory = machine.memoryGiB * 1024;
  return {
    milliCpu: Math.floor(machine.vcpus * 1000 - reservedMilliCpu(machine)),
    memoryMiB: Math.floor(memory - reservedMemoryMiB(memory) - evictionMemoryMiB),
    ephemeralStorageKi: Math.floor(
      fileSystemKi(diskGiB) * (1 - evictionStorage) - reservedStorageGiB(diskGiB) * kiPerGiB,
    ),
  };
}

/** The file system on a boot disk: the node's image takes its part of the disk first. */
export function fileSystemKi(diskGiB: number): number {
  return diskGiB * kiPerGiB - imageKi;
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of all above. */
function reservedMilliCpu({ vcpus, shared }: Machine): number {
  if (shared) return 1060;
  return share(vcpus * 1000, [
    [1000, 0.06],
    [1000, 0.01],
    [2000, 0.005],
    [Number.POSITIVE_INFINITY, 0.0025],
  ]);
}

/** 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112, 2 % of all above. */
function reservedMemoryMiB(memoryMiB: number): number {
  if (memoryMiB < 1024) return 255;
  return share(memoryMiB, [
    [4 * 1024, 0.25],
    [4 * 1024, 0.2],
    [8 * 1024, 0.1],
    [112 * 1024, 0.06],
    [Number.POSITIVE_INFINITY, 0.02],
  ]);
}

/** Half of the disk, or 6 GiB and 35 % of it, or 100 GiB: the least. */
function reservedStorageGiB(diskGiB: number): number {
  return Math.min(diskGiB * 0.5, 6 + diskGiB * 0.35, 100);
}

/** Takes its share of each band of an amount, from the bottom up. */
function share(amount: number, bands: readonly (readonly [size: number, share: number])[]): number {
  let left = amount;
  return bands.reduce((sum, [size, part]) => {
    const inBand = Math.min(left, size);
    left -= inBand;
    return sum + inBand * part;
  }, 0);
}

const kiPerGiB = 1024 * 1024;
/** Below this much free memory the kubelet evicts pods. */
const evictionMemoryMiB = 100;
/** Below this share of free storage the kubelet evicts pods. */
const evictionStorage = 0.1;
/** A disk of 100 GiB shows 98831908Ki in Google's example of a node with Container-Optimized OS. */
const imageKi = 100 * kiPerGiB - 98_831_908;
