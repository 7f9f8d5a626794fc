import { type Resource, resourceId } from "../../fleet/resource.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";
import type { Brokers } from "./broker.ts";
import type { Program, Variable } from "./programs.ts";
import type { KnownSecret } from "./secrets.ts";
import { at, didYouMean } from "./sentences.ts";

/** An address as `amqp://user:password@host:5672/vhost` has it. */
export type Address = {
  readonly scheme: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly username: string;
  /** What stands after the host's slash: a database; `/` where nothing does. */
  readonly vhost: string;
};

const ports: Readonly<Record<string, number>> = {
  amqp: 5672,
  http: 80,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
};

/** Reads an address; undefined for any other text. */
export function readAddress(written: string): Address | undefined {
  const [, scheme = ""] = /^([a-z]+):\/\//.exec(written) ?? [];
  if (!Object.hasOwn(ports, scheme) || !URL.canParse(written)) return undefined;
  const { hostname, port, username, pathname } = new URL(written);
  const rest = decodeURIComponent(pathname.slice(1));
  return {
    scheme,
    host: hostname,
    port: port === "" ? ports[scheme] : Number(port),
    username: decodeURIComponent(username),
    vhost: rest === "" ? "/" : rest,
  };
}

/** A name inside a namespace and what listens there. */
export type Endpoint = { readonly resource: Resource; readonly ports: readonly number[] };

/** The Services of one target, those included that operators make. */
export function endpointsOf(resources: readonly Resource[]): ReadonlyMap<string, Endpoint> {
  return new Map(
    resources.flatMap((resource): [string, Endpoint][] => {
      const { kind, apiVersion, metadata, spec } = resource.manifest;
      if (kind === "Service" && apiVersion === "v1") {
        const listed = list(mapping(spec).ports).flatMap((one) => Number(mapping(one).port) || []);
        return [[metadata.name, { resource, ports: listed }]];
      }
      if (kind === "RabbitmqCluster") {
        return [[metadata.name, { resource, ports: [5672, 15672, 15692] }]];
      }
      if (kind === "Cluster" && apiVersion.startsWith("postgresql.cnpg.io/")) {
        const own = ["rw", "ro", "r"].map((suffix) => `${metadata.name}-${suffix}`);
        const more = list(valueAt(spec, ["managed", "services", "additional"])).flatMap(
          (one) => text(valueAt(one, ["serviceTemplate", "metadata", "name"])) ?? [],
        );
        return [...own, ...more].map((name) => [name, { resource, ports: [5432] }]);
      }
      return [];
    }),
  );
}

type Secrets = ReadonlyMap<string, KnownSecret>;

/** Addresses in the environment of programs that lead to no Service, or as nobody, or to no database. */
export function addressFindings(
  programs: readonly Program[],
  endpoints: ReadonlyMap<string, Endpoint>,
  brokers: Brokers,
  secrets: Secrets,
): Finding[] {
  return programs.flatMap(({ variables }) =>
    [...variables.values()].flatMap((variable) => {
      const address = readAddress(variable.value ?? "");
      if (address === undefined) return [];
      // A name with dots is somebody else's; a name without is a Service of the pod's own namespace
      if (address.host.includes(".") || address.host === "localhost") return [];
      const endpoint = endpoints.get(address.host);
      if (endpoint === undefined) return [unknownHost(variable, address, endpoints)];
      return [
        ...portFindings(variable, address, endpoint),
        ...signInFindings(variable, address, endpoint, brokers, secrets),
      ];
    }),
  );
}

function unknownHost(
  variable: Variable,
  { host }: Address,
  endpoints: ReadonlyMap<string, Endpoint>,
): Finding {
  const near = nearest(host, endpoints.keys());
  const place = endpoints.get(near ?? "")?.resource.placeOf(["metadata", "name"]);
  return findingAt(variable.owner, variable.path, {
    rule: "address-unknown",
    message: `"${variable.name}" leads to "${host}", which is no Service of the app${didYouMean(near, place)}`,
    help: "Name a Service, a RabbitmqCluster or a Service of a CloudNativePG Cluster",
  });
}

function portFindings(variable: Variable, { host, port }: Address, endpoint: Endpoint): Finding[] {
  if (port === undefined || endpoint.ports.includes(port)) return [];
  return [
    findingAt(variable.owner, variable.path, {
      rule: "address-port",
      message: `"${variable.name}" leads to port ${port} of ${resourceId(endpoint.resource.manifest)} (${at(endpoint.resource.placeOf(["spec"]))}), which listens on ${endpoint.ports.join(", ")} for "${host}"`,
      help: "Name a port that the Service has",
    }),
  ];
}

function signInFindings(
  variable: Variable,
  address: Address,
  { resource }: Endpoint,
  brokers: Brokers,
  secrets: Secrets,
): Finding[] {
  const { kind } = resource.manifest;
  if (kind === "RabbitmqCluster" && address.scheme === "amqp") {
    return brokerUser(variable, address, brokers);
  }
  return kind === "Cluster" ? database(variable, address, resource, secrets) : [];
}

function brokerUser(variable: Variable, { username }: Address, { users }: Brokers): Finding[] {
  const user = users.find((one) => one.username === username);
  if (user === undefined) {
    // A User without known credentials may be the one; its Secret has a finding of its own
    if (users.some((one) => one.username === undefined)) return [];
    const near = nearest(
      username,
      users.flatMap((one) => one.username ?? []),
    );
    const meant = users.find((one) => one.username === near)?.credentials;
    return [
      findingAt(variable.owner, variable.path, {
        rule: "user-undeclared",
        message: `"${variable.name}" signs in as "${username}", whom no User of the broker declares${didYouMean(near, meant?.resource.placeOf(meant.pathOf("username")))}`,
        help: "Name the username of a User's credentials, or declare the User",
      }),
    ];
  }
  const { credentials } = user;
  if (variable.secret === undefined || variable.secret === credentials) return [];
  return [
    findingAt(variable.owner, variable.path, {
      rule: "user-other-secret",
      message: `"${variable.name}" signs in as "${username}" with the password of the Secret "${variable.secret.name}", and ${resourceId(user.resource.manifest)} (${at(user.resource.placeOf(["spec", "importCredentialsSecret", "name"]))}) has that of "${credentials?.name}"`,
      help: "Take the address from the Secret that the User imports",
    }),
  ];
}

/** The database, its owner and the password that CloudNativePG makes at the beginning. */
function database(
  variable: Variable,
  { vhost: name, username }: Address,
  cluster: Resource,
  secrets: Secrets,
): Finding[] {
  const path = ["spec", "bootstrap", "initdb"];
  const made = mapping(valueAt(cluster.manifest, path));
  const secret = secrets.get(text(mapping(made.secret).name) ?? "")?.name;
  const differences = [
    { what: "database", field: ["database"], is: name, made: text(made.database) },
    { what: "owner", field: ["owner"], is: username, made: text(made.owner) },
    { what: "Secret", field: ["secret", "name"], is: variable.secret?.name, made: secret },
  ].filter((one) => one.is !== undefined && one.made !== undefined && one.is !== one.made);
  return differences.map(({ what, field, is, made: other }) =>
    findingAt(variable.owner, variable.path, {
      rule: "database-other",
      message: `"${variable.name}" has the ${what} "${is}", and ${resourceId(cluster.manifest)} (${at(cluster.placeOf([...path, ...field]))}) makes "${other}"`,
      help: `Write the same ${what} at both places`,
    }),
  );
}
