import { expect, test } from "vitest";
import { reporters } from "../../scripts/reporters/index.ts";
import { clean } from "./reports.ts";

test.each(Object.entries(reporters))("%s ends with one line break, as files do", (_, reporter) => {
  expect(reporter(clean, { colour: false })).toMatch(/[^\n]\n$/);
});
