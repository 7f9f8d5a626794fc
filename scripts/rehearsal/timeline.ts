import type { ApplicationState } from "./application-state.ts";

/** Something that happened, in milliseconds since the rehearsal's first commit. */
export type TimelineEvent = {
  readonly at: number;
  /** The Application, or `git` for a commit. */
  readonly subject: string;
  readonly what: string;
};

/** What changed between two looks at an Application: commit seen, sync by phase, health. */
export function compareStates(
  before: ApplicationState | undefined,
  after: ApplicationState,
  at: number,
): readonly TimelineEvent[] {
  const events: string[] = [];
  if (before === undefined) events.push(`appears in wave ${after.wave}`);
  const revision = shortRevisions(after);
  if (revision !== "" && revision !== (before && shortRevisions(before))) {
    events.push(`sees ${revision}`);
  }
  const was = before?.operation;
  const is = after.operation;
  if (is !== undefined && is.startedAt !== was?.startedAt) events.push("sync starts");
  if (is !== undefined && is.phase !== "Running" && is.phase !== was?.phase) {
    events.push(
      is.phase === "Succeeded" ? "sync succeeds" : `sync ends ${is.phase}: ${is.message}`,
    );
  }
  const retry = retryOf(is?.message);
  if (retry !== undefined && retry !== retryOf(was?.message)) {
    events.push(`sync attempt fails: ${is?.message}`);
  }
  if (after.health !== (before?.health ?? "Unknown")) events.push(`is ${after.health}`);
  return events.map((what) => ({ at, subject: after.name, what }));
}

/** How often Argo CD has tried the running sync again, by its own words; undefined for never. */
export function retryOf(message = ""): number | undefined {
  const [, count] = /Retrying attempt #(\d+)/.exec(message) ?? [];
  return count === undefined ? undefined : Number(count);
}

/** Commits by their first seven digits, tags as they are. */
function shortRevisions({ revisions }: ApplicationState): string {
  return revisions
    .map((revision) => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision))
    .join(" and ");
}
