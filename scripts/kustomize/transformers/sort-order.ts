import { BuildError } from "../build-error.ts";
import {
  compareText,
  kindRanks,
  kindsFirst,
  kindsLast,
  kindText,
} from "../configurations/kind-order.ts";
import { type Mapping, nodeAt, textAt } from "../node/node.ts";
import { currentId, type Resource, type ResourceId } from "../resource/resource.ts";

export type SortOrderConfig = {
  readonly order: "fifo" | "legacy";
  /** Only with `legacy`; without it Kustomize's own order of kinds. */
  readonly legacySortOptions?: {
    readonly orderFirst: readonly string[];
    readonly orderLast: readonly string[];
  };
};

/** `sortOptions` of a kustomization, or of a SortOrderTransformer; without it the order stays. */
export function readSortOptions(sortOptions: Mapping | undefined): SortOrderConfig {
  if (sortOptions === undefined) return { order: "fifo" };
  const order = textAt(sortOptions, ["order"]) ?? "";
  const options = sortOptions.entries.get("legacySortOptions");
  const hasOptions = options !== undefined && options.kind === "mapping";
  if (order !== "fifo" && order !== "legacy") {
    throw new BuildError(
      `Cannot sort in the order "${order}": "order" should be "fifo" or "legacy"`,
      {
        mark: (sortOptions.entries.get("order") ?? sortOptions).origin.mark,
      },
    );
  }
  if (order === "fifo" && hasOptions) {
    throw new BuildError(
      'Cannot use "legacySortOptions" with the order "fifo": they are for the order "legacy"',
      { mark: options.origin.mark },
    );
  }
  if (!hasOptions) return { order };
  const orderFirst = textsAt(options, "orderFirst");
  return { order, legacySortOptions: { orderFirst, orderLast: textsAt(options, "orderLast") } };
}

/** The resources as they came, or by kind, then by namespace and name. */
export function sortResources(
  resources: readonly Resource[],
  { order, legacySortOptions }: SortOrderConfig,
): readonly Resource[] {
  if (order === "fifo") return resources;
  const { orderFirst, orderLast } = legacySortOptions ?? {
    orderFirst: kindsFirst,
    orderLast: kindsLast,
  };
  const ranks = kindRanks(orderFirst, orderLast);
  return resources
    .map((resource) => keyed(resource, ranks))
    .sort(compare)
    .map(({ resource }) => resource);
}

type Keyed = {
  readonly resource: Resource;
  readonly id: ResourceId;
  readonly rank: number;
  readonly kindText: string;
  readonly idText: string;
};

function keyed(resource: Resource, ranks: ReadonlyMap<string, number>): Keyed {
  const id = currentId(resource);
  const rank = ranks.get(id.kind) ?? 0;
  const idText = `${id.namespace || "~X"}|${id.name || "~N"}`;
  return { resource, id, rank, kindText: kindText(id), idText };
}

function compare(a: Keyed, b: Keyed): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  const byKind = compareText(a.kindText, b.kindText);
  // Namespaces of the core group come first, although their text sorts last.
  if (byKind !== 0 && a.id.kind === "Namespace" && b.id.kind === "Namespace") {
    return a.id.group === "" || b.id.group === "" ? -byKind : byKind;
  }
  return byKind || compareText(a.idText, b.idText);
}

function textsAt(owner: Mapping, field: string): readonly string[] {
  const list = nodeAt(owner, [field]);
  if (list?.kind !== "sequence") return [];
  return list.items.flatMap((item) => (item.kind === "scalar" ? item.text : []));
}
