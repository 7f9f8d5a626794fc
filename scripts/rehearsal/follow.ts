import { setTimeout as delay } from "node:timers/promises";
import { type ApplicationState, readApplication } from "./application-state.ts";
import type { Cluster } from "./cluster.ts";
import { compareStates, type TimelineEvent } from "./timeline.ts";
import { type Cause, type Expectation, judge } from "./verdict.ts";

/** How one commit ended. */
export type Outcome = {
  readonly kind: "healthy" | "failed";
  /** Empty when healthy; first cause first. */
  readonly causes: readonly Cause[];
};

export type FollowOptions = {
  readonly cluster: Cluster;
  readonly expectation: Expectation;
  /** The last states by name, kept between commits so that the timeline shows changes only. */
  readonly known: Map<string, ApplicationState>;
  /** `Date.now()` of the rehearsal's first commit. */
  readonly start: number;
  readonly onEvent: (event: TimelineEvent) => void;
  readonly onStates: (states: readonly ApplicationState[]) => void;
  /**
   * Called before each look: does what the rest of a cluster would have done meanwhile. Throws where
   * a process of the rehearsal has ended by itself.
   */
  readonly advance: () => Promise<void>;
};

/** Healthy counts when it has held for this long: an autoscaler degrades seconds after it appears. */
const HEALTHY_SECONDS = 10;
/** Degraded at rest counts as a failure after this long. */
const DEGRADED_SECONDS = 15;
/**
 * A sync in which nothing moves for this long waits for its wave in vain, and is ended. A cluster gives
 * it an hour (`controller.sync.timeout.seconds`); the root's lasts as long as all others together.
 */
const STILL_SECONDS = 60;
/** The second attempt of the same commit has what the first one has made: it moves soon or not at all. */
const STILL_AGAIN_SECONDS = 15;
/** How often Argo CD is asked to look at what waits; by itself it looks again within three minutes. */
const REFRESH_SECONDS = 5;
/** No environment takes this long without something being wrong. */
const GIVE_UP_SECONDS = 600;

/** Follows all Applications until the commit's verdict stands. */
export async function follow(options: FollowOptions): Promise<Outcome> {
  const { cluster, expectation } = options;
  const end = Date.now() + GIVE_UP_SECONDS * 1000;
  let last = { kind: "", since: Date.now() };
  let refreshed = Date.now();
  const moves = new Map<string, Move>();
  for (;;) {
    await options.advance();
    const applications = (await cluster.list("argoproj.io/v1alpha1", "Application")).map(
      readApplication,
    );
    const autoscalers = await cluster.list("autoscaling/v2", "HorizontalPodAutoscaler");
    report(applications, options);
    const syncing = applications.filter(({ operation }) => operation?.phase === "Running");
    for (const { name } of stuck(syncing, moves)) await cluster.endSync(name);
    if (Date.now() - refreshed > REFRESH_SECONDS * 1000) {
      await cluster.refreshApplications(syncing.map(({ name }) => name));
      refreshed = Date.now();
    }

    const judgement = judge({ applications, autoscalers }, expectation);
    const now = Date.now();
    if (judgement.kind !== last.kind) last = { kind: judgement.kind, since: now };
    const held = (now - last.since) / 1000;
    if (judgement.kind === "healthy" && held >= HEALTHY_SECONDS)
      return { kind: "healthy", causes: [] };
    if (judgement.kind === "failed") return { kind: "failed", causes: judgement.causes };
    if (judgement.kind === "degraded" && held >= DEGRADED_SECONDS) {
      return { kind: "failed", causes: judgement.causes };
    }
    if (now > end) {
      return { kind: "failed", causes: judgement.kind === "healthy" ? unsteady : judgement.causes };
    }
    await delay(300);
  }
}

/**
 * What a sync had come to, the `Date.now()` at which that was first seen, and the commit, as
 * revisions, of the last sync that was ended here.
 */
type Move = { readonly state: string; readonly since: number; readonly ended?: string | undefined };

/** The syncs in which nothing has moved for too long. */
function stuck(
  syncing: readonly ApplicationState[],
  moves: Map<string, Move>,
): readonly ApplicationState[] {
  return syncing.filter(({ name, operation, resources }) => {
    const state = JSON.stringify([operation?.startedAt, resources]);
    const commit = operation?.revisions.join();
    const move = moves.get(name);
    if (name === "root" || move?.state !== state) {
      moves.set(name, { state, since: Date.now(), ended: move?.ended });
      return false;
    }
    const most = move.ended === commit ? STILL_AGAIN_SECONDS : STILL_SECONDS;
    if (Date.now() - move.since <= most * 1000) return false;
    moves.set(name, { state, since: Date.now(), ended: commit });
    return true;
  });
}

const unsteady: readonly Cause[] = [
  {
    application: "root",
    resource: undefined,
    message: `Nothing stayed healthy for ${HEALTHY_SECONDS} s: look at the timeline for what keeps changing`,
  },
];

function report(applications: readonly ApplicationState[], options: FollowOptions): void {
  const { known, start } = options;
  const at = Date.now() - start;
  // One look can see a wave end and the next begin: it is told in that order.
  for (const state of applications.toSorted((a, b) => a.wave - b.wave)) {
    compareStates(known.get(state.name), state, at).forEach(options.onEvent);
    known.set(state.name, state);
  }
  options.onStates(applications);
}
