import { expect, it } from "vitest";
import { parseDiagnostics } from "../../scripts/checks/schema/diagnostics.ts";

const unknown = "Object literal may only specify known properties";

it("parseDiagnostics() reads the place, the field and what was meant", () => {
  expect(
    parseDiagnostics(
      `node_modules/.cache/a (1)/objects.ts(4,17): error TS2561: ${unknown}, but 'selfheal' does not exist in type 'A'. Did you mean to write 'selfHeal'?\n`,
    ),
  ).toMatchObject([{ line: 4, column: 17, unknownField: { hint: "selfHeal" } }]);
});

it("parseDiagnostics() finds an unknown field in the lines below the message", () => {
  const [diagnostic] = parseDiagnostics(
    `objects.ts(2,3): error TS2322: Type 'A' is not assignable to type 'B'.\n  ${unknown}, and '"a-b"' does not exist in type 'B'.\n`,
  );
  expect(diagnostic?.unknownField).toEqual({});
});

it("parseDiagnostics() keeps other errors apart", () => {
  const [diagnostic] = parseDiagnostics(
    "objects.ts(2,3): error TS2741: Property 'name' is missing in type '{}' but required in type 'B'.\n",
  );
  expect(diagnostic).toMatchObject({ line: 2, column: 3 });
  expect(diagnostic?.unknownField).toBeUndefined();
});

it("parseDiagnostics() reads no errors from no output", () => {
  expect(parseDiagnostics("")).toEqual([]);
});

it("parseDiagnostics() throws on an error without a place", () => {
  expect(() => parseDiagnostics("error TS5083: Cannot read file 'tsconfig.json'.\n")).toThrow(
    "Cannot read what the TypeScript compiler says: error TS5083",
  );
});
