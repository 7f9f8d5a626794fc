import { expect } from "vitest";
import type { System } from "../../scripts/pipelines/system.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";

/** What the database and Redis say of a user, each by itself. */
export type Books = {
  /** Rows by status, as `{ completed: 3 }`. */
  readonly rows: Readonly<Record<string, number>>;
  /** Rows that the gateway took back. */
  readonly withdrawn: number;
  /** Tokens of completed rows. */
  readonly rowTokens: number;
  readonly logLines: number;
  readonly logTokens: number;
  readonly monthlyTokens: number;
  readonly requestsUsed: number;
  readonly tokensUsed: number;
  readonly monthlyUsed: number;
  /** Requests whose reservation is neither settled nor released. */
  readonly open: number;
};

export async function booksOf(system: System, user: string): Promise<Books> {
  const [byStatus, sums] = await Promise.all([
    system.postgres.query(
      `SELECT status, count(*) FROM requests WHERE user_id = '${user}' GROUP BY status`,
    ),
    system.postgres.query(
      `SELECT (SELECT count(*) FROM requests WHERE user_id = '${user}'
                 AND error = 'the request could not be queued'),
              (SELECT coalesce(sum(actual_tokens), 0) FROM requests
                 WHERE user_id = '${user}' AND status = 'completed'),
              (SELECT count(*) FROM token_logs WHERE user_id = '${user}'),
              (SELECT coalesce(sum(total_tokens), 0) FROM token_logs WHERE user_id = '${user}'),
              (SELECT coalesce(sum(monthly_tokens), 0) FROM quota_usage WHERE user_id = '${user}')`,
    ),
  ]);
  const [withdrawn = 0, rowTokens = 0, logLines = 0, logTokens = 0, monthlyTokens = 0] = sums
    .split("|")
    .map(Number);
  const [requestsUsed, tokensUsed, monthlyUsed] = await Promise.all(
    ["daily:requests", "daily:tokens", "monthly:tokens"].map(async (quota) =>
      Number(await system.redis.call("GET", `user:${user}:quota:${quota}:used`)),
    ),
  );
  return {
    rows: Object.fromEntries(
      byStatus
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split("|"))
        .map(([status, count]) => [status, Number(count)]),
    ),
    ...{ withdrawn, rowTokens, logLines, logTokens, monthlyTokens },
    requestsUsed: requestsUsed ?? 0,
    tokensUsed: tokensUsed ?? 0,
    monthlyUsed: monthlyUsed ?? 0,
    open: await openReservations(system, user),
  };
}

async function openReservations(system: System, user: string): Promise<number> {
  const ids = await system.postgres.query(
    `SELECT request_id FROM requests WHERE user_id = '${user}'`,
  );
  const keys = ids
    .split("\n")
    .filter((id) => id !== "")
    .map((id) => `request:${id}:reservation`);
  if (keys.length === 0) return 0;
  const states = await system.redis.call("MGET", ...keys);
  return states.split("\n").filter((state) => state !== "settled" && state !== "released").length;
}

/**
 * Waits until each row of a user is final and its reservation is settled, then expects all books to say the same:
 * every completed row has one line in the token log, and every counter holds the tokens that were used.
 */
export async function reconcile(system: System, user: string, seconds = 90): Promise<Books> {
  await waitFor(`every request of "${user}" to be finished`, seconds, async () => {
    const { rows, open } = await booksOf(system, user);
    return (rows.pending ?? 0) + (rows.processing ?? 0) + open === 0;
  });
  const books = await booksOf(system, user);
  const { completed = 0, failed = 0 } = books.rows;
  expect(books).toMatchObject({
    logLines: completed,
    logTokens: books.rowTokens,
    monthlyTokens: books.rowTokens,
    requestsUsed: completed + failed - books.withdrawn,
    tokensUsed: books.rowTokens,
    monthlyUsed: books.rowTokens,
  });
  return books;
}
