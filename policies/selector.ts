import { objectsIn, stringMap, stringsIn } from "./values.ts";

/** The label selector of many kinds: everything it asks must hold. */
export type Selector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
};

/** Whether a selector selects an object with these labels; an empty one selects all, none nothing. */
export function selects(
  selector: Selector | null | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  if (!selector) return false;
  return (
    Object.entries(stringMap(selector.matchLabels)).every(
      ([name, value]) => labels[name] === value,
    ) &&
    [...objectsIn(selector.matchExpressions)].every(([, { key, operator, values }]) =>
      holds(labels[key], operator, new Set([...stringsIn(values)].map(([, value]) => value))),
    )
  );
}

/**
 * Finds what selects an object without asking everything: selectors are kept by one of the labels
 * they ask for.
 */
export function indexBySelector<T>(
  items: readonly T[],
  selectorOf: (item: T) => Selector | null | undefined,
): (labels: Readonly<Record<string, string>>) => T[] {
  const index = Map.groupBy(items, (item) => {
    const [label] = Object.entries(stringMap(selectorOf(item)?.matchLabels));
    return label?.join("=") ?? "";
  });
  return (labels) => {
    const keys = ["", ...Object.entries(labels).map((label) => label.join("="))];
    return keys
      .flatMap((key) => index.get(key) ?? [])
      .filter((item) => selects(selectorOf(item), labels));
  };
}

function holds(label: string | undefined, operator: string, values: ReadonlySet<string>): boolean {
  if (operator === "Exists") return label !== undefined;
  if (operator === "DoesNotExist") return label === undefined;
  if (operator === "In") return label !== undefined && values.has(label);
  return operator === "NotIn" && (label === undefined || !values.has(label));
}
