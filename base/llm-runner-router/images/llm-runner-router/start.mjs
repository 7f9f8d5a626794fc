// The server keeps its API keys in a file. At every start it also puts a published key into that file, and the key
// opens the API from the second start on. So every container start begins with a file of ours, in which that key is
// switched off, and this process then becomes the server: SIGTERM reaches it without a shell in between.
import { writeFile } from "node:fs/promises";
import bcrypt from "bcrypt";

const PUBLISHED_KEY = "llm_test_persistent_key_fixed_2025";

const [, id, secret] = /^([^.\s]+)\.([^.\s]+)$/.exec(process.env.API_KEY ?? "") ?? [];
if (secret === undefined || id === PUBLISHED_KEY) {
  console.error(
    `Cannot start: API_KEY must be "<id>.<secret>", neither part empty, with a dot or with a space, and the id not "${PUBLISHED_KEY}"`,
  );
  process.exit(1);
}

const now = new Date().toISOString();

// The limits and quotas of the program's own tier "enterprise".
const key = {
  customer: "slipway",
  email: null,
  tier: "enterprise",
  createdAt: now,
  lastUsed: null,
  rateLimit: { requestsPerMinute: 1000, requestsPerHour: 50000 },
  quotas: { dailyRequests: 100000, dailyTokens: 10000000, monthlyRequests: 2500000 },
};

// A key without a usage record is answered with 429.
const usage = { requestCount: 0, tokenCount: 0, lastReset: now, dailyUsage: {}, monthlyUsage: {} };

const store = {
  keys: {
    // Cost 4: the secret is long and random, and the server hashes it on every request (2 ms, 220 ms at cost 12).
    [id]: { ...key, id, active: true, hash: await bcrypt.hash(secret, 4) },
    [PUBLISHED_KEY]: { ...key, id: PUBLISHED_KEY, active: false, hash: "" },
  },
  usage: { [id]: usage, [PUBLISHED_KEY]: usage },
  lastUpdated: now,
};

await writeFile(new URL("data/api-keys.json", import.meta.url), JSON.stringify(store, null, 2));

await import("./server.js");
