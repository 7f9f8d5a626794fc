import { expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { list, mapping, text, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

const { environments, targets } = readFleet(repository);
const overlays = targets.filter(({ directory }) => directory.startsWith("overlays/"));
const renderings = await renderTargets(repository, overlays);

const of = (environment: string, kind: string): Manifest[] =>
  renderings
    .filter(({ target }) => target.environment === environment)
    .flatMap(({ resources }) => resources.map(({ manifest }) => manifest))
    .filter((manifest) => manifest.kind === kind);

it.each(environments)("every HTTPRoute of %s has a listener that takes it", (environment) => {
  const [gateway] = of(environment, "Gateway");
  const listeners = list(valueAt(gateway, ["spec", "listeners"])).map(mapping);
  const homeless = of(environment, "HTTPRoute").filter((route) => {
    const [parent] = list(valueAt(route, ["spec", "parentRefs"])).map(mapping);
    const listener = listeners.find(({ name }) => name === parent?.sectionName) ?? {};
    return !takesNamespace(listener, route) || !takesHosts(listener, route);
  });
  expect(homeless.map(({ metadata }) => metadata.name)).toEqual([]);
  expect(of(environment, "HTTPRoute").length).toBeGreaterThan(1);
});

it.each(environments)("every policy of GKE in %s is about an object beside it", (environment) => {
  const policies = ["GCPBackendPolicy", "GCPGatewayPolicy", "HealthCheckPolicy"].flatMap((kind) =>
    of(environment, kind),
  );
  const astray = policies.filter(({ metadata, spec }) => {
    const target = mapping(mapping(spec).targetRef);
    return !of(environment, String(target.kind)).some(
      (one) => one.metadata.name === target.name && one.metadata.namespace === metadata.namespace,
    );
  });
  expect(astray.map(({ metadata }) => metadata.name)).toEqual([]);
  expect(policies.length).toBeGreaterThan(2);
});

it.each(environments)("the certificate of %s covers its listener", (environment) => {
  const [gateway] = of(environment, "Gateway");
  const listener = mapping(list(valueAt(gateway, ["spec", "listeners"]))[0]);
  const secret = valueAt(listener, ["tls", "certificateRefs", 0, "name"]);
  const certificate = of(environment, "Certificate").find(
    (one) => valueAt(one, ["spec", "secretName"]) === secret,
  );
  expect(list(valueAt(certificate, ["spec", "dnsNames"]))).toContain(listener.hostname);
});

function takesNamespace(listener: object, route: Manifest): boolean {
  const path = ["allowedRoutes", "namespaces"];
  const { from, selector } = mapping(valueAt(listener, path));
  if (from === "Same") return route.metadata.namespace === "gateway";
  const names = list(valueAt(selector, ["matchExpressions", 0, "values"]));
  return names.includes(route.metadata.namespace);
}

function takesHosts(listener: object, route: Manifest): boolean {
  const wildcard = text(valueAt(listener, ["hostname"]));
  const hosts = list(valueAt(route, ["spec", "hostnames"])).map(String);
  return wildcard === undefined || hosts.every((host) => host.endsWith(wildcard.slice(1)));
}
