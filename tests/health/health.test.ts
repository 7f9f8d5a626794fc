import { expect, test } from "vitest";
import {
  type Fixture,
  healthOf,
  kindOf,
  kindsOfOurs,
  readFixtures,
  settingsOf,
  withoutOurs,
} from "./engine.ts";

const settings = await settingsOf("prod");
const fixtures = readFixtures();

/** `healthy` of the fixture `healthy-renewing`. */
function expectedOf({ object }: Fixture): string | undefined {
  return object.metadata.name.split("-")[0];
}

test.concurrent.each(fixtures)("$name", async (fixture) => {
  expect(await healthOf(fixture.object, settings)).toBe(expectedOf(fixture));
});

const misjudged = kindsOfOurs(settings).map((kind) => ({
  kind,
  tried: fixtures.filter(({ object }) => {
    const own = kindOf(object);
    return kind.endsWith("/*") ? own.startsWith(kind.slice(0, -1)) : own === kind;
  }),
}));

// After an upgrade of Argo CD this tells which check of ours can go.
test.concurrent.each(misjudged)("upstream alone misjudges $kind", async ({ kind, tried }) => {
  const upstream = withoutOurs(settings);
  for (const fixture of tried) {
    const found = await healthOf(fixture.object, upstream).catch(() => "error");
    if (found !== expectedOf(fixture)) return;
  }
  expect.unreachable(`upstream judges every ${kind} of the fixtures as we do`);
});
