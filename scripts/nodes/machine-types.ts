import { SlipwayError } from "../errors.ts";

/** What a virtual machine of a type has before GKE takes its share. */
export type Machine = {
  readonly type: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** The type shares its cores with other machines. */
  readonly shared?: true;
  readonly tpu?: Tpu;
};

/** The TPU chips of one machine, as GKE labels them where the machine is a slice of its own. */
type Tpu = {
  readonly accelerator: string;
  readonly chips: number;
  readonly topology: string;
};

/**
 * The machine of a type, of those our pools are made of. Throws a `SlipwayError` that names the pool for
 * any other type: its size is a fact to look up.
 */
export function machineOf(type: string, pool: string): Machine {
  const found = exceptional.get(type) ?? fromFamily(type);
  if (found) return found;
  throw new SlipwayError(
    `Cannot simulate the nodes of pool "${pool}": the size of machine type "${type}" is not known; add it to scripts/nodes/machine-types.ts`,
  );
}

function fromFamily(type: string): Machine | undefined {
  const [, family = "", size] = /^(.+)-(\d+)$/.exec(type) ?? [];
  const vcpus = Number(size);
  const known = families[family];
  if (!known?.sizes.includes(vcpus)) return undefined;
  return { type, vcpus, memoryGiB: vcpus * known.gibPerVcpu };
}

/** https://cloud.google.com/compute/docs/general-purpose-machines */
const families: Readonly<Record<string, { gibPerVcpu: number; sizes: readonly number[] }>> = {
  "c3-standard": { gibPerVcpu: 4, sizes: [4, 8, 22, 44, 88, 176] },
  "e2-highcpu": { gibPerVcpu: 1, sizes: [2, 4, 8, 16, 32] },
  "e2-highmem": { gibPerVcpu: 8, sizes: [2, 4, 8, 16] },
  "e2-standard": { gibPerVcpu: 4, sizes: [2, 4, 8, 16, 32] },
  "n2-highcpu": { gibPerVcpu: 1, sizes: [2, 4, 8, 16, 32, 48, 64, 80, 96] },
  "n2-highmem": { gibPerVcpu: 8, sizes: [2, 4, 8, 16, 32, 48, 64, 80] },
  "n2-standard": { gibPerVcpu: 4, sizes: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128] },
  "n2d-standard": { gibPerVcpu: 4, sizes: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224] },
};

/** TPUs: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus */
const exceptional: ReadonlyMap<string, Machine> = new Map(
  [
    { type: "e2-micro", vcpus: 2, memoryGiB: 1, shared: true } as const,
    { type: "e2-small", vcpus: 2, memoryGiB: 2, shared: true } as const,
    { type: "e2-medium", vcpus: 2, memoryGiB: 4, shared: true } as const,
    tpu("ct5lp-hightpu-1t", 24, 48, v5e(1, "1x1")),
    tpu("ct5lp-hightpu-4t", 112, 192, v5e(4, "2x2")),
    tpu("ct5lp-hightpu-8t", 224, 384, v5e(8, "2x4")),
    tpu("ct6e-standard-1t", 44, 176, v6e(1, "1x1")),
    tpu("ct6e-standard-4t", 180, 720, v6e(4, "2x2")),
    tpu("ct6e-standard-8t", 180, 1440, v6e(8, "2x4")),
  ].map((machine) => [machine.type, machine]),
);

function tpu(type: string, vcpus: number, memoryGiB: number, chips: Tpu): Machine {
  return { type, vcpus, memoryGiB, tpu: chips };
}

function v5e(chips: number, topology: string): Tpu {
  return { accelerator: "tpu-v5-lite-podslice", chips, topology };
}

function v6e(chips: number, topology: string): Tpu {
  return { accelerator: "tpu-v6e-slice", chips, topology };
}
