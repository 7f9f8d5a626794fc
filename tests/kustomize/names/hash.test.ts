import { expect, test } from "vitest";
import { contentHash } from "../../../scripts/kustomize/names/hash.ts";
import type { Mapping } from "../../../scripts/kustomize/node/node.ts";
import { readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";

/** Hashes that kustomize v5.8.1 gave. */
test.each([
  ["kind: ConfigMap", "6ct58987ht"],
  ["kind: ConfigMap\ndata: {a: b}", "4h2mbtbbt6"],
  ["kind: ConfigMap\ndata: {a: b}\nmetadata: {name: any, labels: {a: b}}", "4h2mbtbbt6"],
  ["kind: Secret\ntype: Opaque\ndata: {a: Yg==}", "k695gkmbtk"],
])("%j: %s", (text, hash) => {
  expect(contentHash(read(text)).hash).toBe(hash);
});

test("binaryData and stringData count only where they are mappings", () => {
  const hashOf = (text: string) => contentHash(read(text)).hash;
  expect(hashOf("kind: ConfigMap\nbinaryData: text")).toBe(hashOf("kind: ConfigMap"));
  expect(hashOf("kind: ConfigMap\nbinaryData: {a: AA==}")).not.toBe(hashOf("kind: ConfigMap"));
  expect(hashOf("kind: Secret\nstringData: {a: b}")).not.toBe(hashOf("kind: Secret"));
});

test("says what it is of", () => {
  const object = read("kind: Secret\ntype: Opaque\ndata: {a: b}\nmetadata: {name: any}");
  const { entries } = object;
  expect(contentHash(object).of).toEqual([entries.get("data"), entries.get("type")]);
});

test("an object of another kind is an error", () => {
  expect(() => contentHash(read("kind: Other\nmetadata: {name: any}"))).toThrow(
    'Cannot append a hash to the name of the Other "any"',
  );
});

function read(text: string): Mapping {
  const [object] = readDocuments(fileText("object.yaml", text), "resource");
  return object as Mapping;
}
