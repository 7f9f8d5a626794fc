import { expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { list, mapping } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

/** In the order in which the proxy looks. Each operation ends in a route for all requests, so neither header nor default pool decides. */
const routes = {
  dev: [
    "150 embed BAAI/bge-small-en-v1.5 -> read-heavy-embedders, else 503",
    "100 chunk -> never read-heavy-embedders, else 501",
    "100 embed rerank -> read-heavy-embedders, else 503",
  ],
  staging: [
    "150 embed BAAI/bge-small-en-v1.5 -> read-heavy-embedders, else burst-pool",
    "100 chunk -> never read-heavy-embedders, else 501",
    "100 embed rerank -> read-heavy-embedders, else 503",
  ],
  prod: [
    "200 embed chunk X-Termite-Workload-Type -> write-heavy-indexers, else 503",
    "150 embed BAAI/bge-small-en-v1.5 -> read-heavy-embedders, else burst-pool",
    "100 chunk -> write-heavy-indexers, else 503",
    "100 embed rerank -> read-heavy-embedders, else 503",
  ],
};

it.each(Object.entries(routes))(
  "every request has a route in %s, and chunks never come from a server without the chunker",
  async (environment, written) => {
    const targets = readFleet(repository).targets.filter(
      ({ directory }) => directory === `overlays/${environment}/termite`,
    );
    const found = (await renderTargets(repository, targets))
      .flatMap(({ resources }) => resources.map(({ manifest }) => manifest))
      .filter(({ kind }) => kind === "TermiteRoute")
      .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
      .map(({ spec }) => mapping(spec))
      .sort((a, b) => Number(b.priority) - Number(a.priority));
    expect(found.map(line)).toEqual(written);
  },
);

function line(spec: ReturnType<typeof mapping>): string {
  const { operations, models, headers } = mapping(spec.match);
  const { redirectPool, errorResponse } = mapping(spec.fallback);
  const matched = [...list(operations), ...list(models), ...Object.keys(mapping(headers))];
  const pools = list(spec.route).map((destination) => {
    const { pool, condition } = mapping(destination);
    // So many servers a pool never has
    return mapping(condition).availableReplicas === "<0" ? `never ${pool}` : pool;
  });
  const otherwise = redirectPool ?? mapping(errorResponse).statusCode;
  return `${spec.priority} ${matched.join(" ")} -> ${pools.join(" ")}, else ${otherwise}`;
}
