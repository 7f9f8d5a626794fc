import { afterAll, beforeAll, expect, test } from "vitest";
import { usageOf } from "../../scripts/pipelines/ml-service.ts";
import { openSystem, type System } from "../../scripts/pipelines/system.ts";
import { reconcile } from "./books.ts";
import { accepted, post, release, untilEmpty } from "./client.ts";
import { concurrently } from "./concurrently.ts";

let system: System;
beforeAll(async () => {
  system = await openSystem(release, { workers: 3, collectors: 2 });
});
afterAll(() => system.close());

test("1,000 requests of ten users at once use up their quotas and are accounted for to the last token", async () => {
  const users = Array.from({ length: 10 }, (_, n) => `user-${n}`);
  // One request of each user is one too many: the default limit is 100
  const requests = Array.from({ length: 101 }, (_, n) =>
    users.map((user) => ({ user, prompt: `question ${n} of ${user}` })),
  ).flat();
  const answers = await concurrently(requests, 20, async ({ user, prompt }) => ({
    user,
    prompt,
    status: (await post(system, user, prompt)).status,
  }));

  const taken = answers.filter(({ status }) => status === 202);
  expect(taken).toHaveLength(1000);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  for (const user of users) {
    const used = taken
      .filter((answer) => answer.user === user)
      .map(({ prompt }) => usageOf(prompt))
      .reduce((sum, usage) => sum + usage.prompt + usage.completion, 0);
    expect(await reconcile(system, user)).toMatchObject({
      rows: { completed: 100 },
      logLines: 100,
      logTokens: used,
      tokensUsed: used,
      requestsUsed: 100,
    });
  }
  expect(system.ml.prompts.toSorted()).toEqual(taken.map(({ prompt }) => prompt).toSorted());
  await untilEmpty(system);
});

test("three workers at a model that is slow and takes one at a time only delay, and ask it once for each request", async () => {
  const prompts = Array.from({ length: 30 }, (_, n) => `patient question ${n}`);
  system.ml.behaviour = { milliseconds: 200 };
  try {
    await concurrently(prompts, 20, (prompt) => accepted(system, "patient", prompt));
    expect(await reconcile(system, "patient")).toMatchObject({ rows: { completed: 30 } });
  } finally {
    system.ml.behaviour = {};
  }
  const asked = system.ml.prompts.filter((prompt) => prompt.startsWith("patient"));
  expect(asked.toSorted()).toEqual(prompts.toSorted());
  await untilEmpty(system);
});
