import { expect, test } from "vitest";
import { parseVars } from "../../../scripts/kustomize/names/expand.ts";

const a = { name: "A" };

test.each([
  ["", [""]],
  ["text", ["text"]],
  ["$(A)", [a]],
  ["x$(A)y$(A)", ["x", a, "y", a]],
  ["$$(A)", ["$(A)"]],
  ["$$$(A)", ["$", a]],
  ["$A $( $", ["$A $( $"]],
  ["$(A", ["$(A"]],
  ["$($(A)", [{ name: "$(A" }]],
  ["$()", [{ name: "" }]],
])("%j", (text, parts) => {
  expect(parseVars(text)).toEqual(parts);
});
