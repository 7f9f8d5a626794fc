import { expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { useOracle } from "../oracle.ts";

/** A kustomization, the resources it names, and more files where it needs them. */
export type Example = {
  readonly kustomization: string;
  readonly resources: string;
  readonly files?: Readonly<Record<string, string>>;
};

/** One test for each example: what is built is what real kustomize prints, or both refuse. */
export function sameAsKustomize(examples: Readonly<Record<string, Example>>) {
  const oracle = useOracle();

  test.each(Object.entries(examples))("%s", async (_name, { kustomization, resources, files }) => {
    const tree = {
      "kustomization.yaml": `resources: [resources.yaml]\n${kustomization}`,
      "resources.yaml": resources,
      ...files,
    };
    const expected = await oracle.build(tree, ".");
    const actual = buildFiles(tree, ".");
    if ("error" in expected) expect(actual).toHaveProperty("error");
    else expect(actual).toEqual(expected);
  });
}
