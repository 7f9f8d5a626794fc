import { expect, it } from "vitest";
import { amount } from "../../scripts/checks/accelerators/quantity.ts";

it.each([
  [2, 2],
  ["2", 2],
  ["500m", 0.5],
  ["1.5", 1.5],
  ["4Gi", 4_294_967_296],
  ["1G", 1_000_000_000],
  ["much", Number.NaN],
  ["1X", Number.NaN],
])("amount() reads %j", (quantity, value) => {
  expect(amount(quantity)).toBe(value);
});
