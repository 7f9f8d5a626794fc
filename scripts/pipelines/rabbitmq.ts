import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { freePorts, type Workspace } from "../rehearsal/workspace.ts";
import type { Packages } from "../tools/debian.ts";
import type { Server } from "./server.ts";

/** A broker on loopback, and its management API. */
export type RabbitMq = Server & {
  /** The address for a user, as Secrets have it. */
  readonly url: (user: string, password: string) => string;
  /** The port of the management API. */
  readonly management: number;
  /** Calls the management API as the administrator. */
  readonly manage: (method: string, path: string, body?: unknown) => Promise<Response>;
};

/** Prepares RabbitMQ with an empty data folder. */
export async function prepareRabbitMq(workspace: Workspace, packages: Packages): Promise<RabbitMq> {
  const [amqp = 0, management = 0, distribution = 0, epmd = 0] = await freePorts(4);
  const erlang = dirname(dirname(packages.find("usr/lib/erlang/bin/erl")));
  const folder = workspace.path("rabbitmq");
  mkdirSync(folder);
  // Debian's own erl knows one place only: /usr/lib/erlang.
  const erl = workspace.write("rabbitmq/bin/erl", erlScript(erlang, packages));
  chmodSync(erl, 0o700);
  const settings = workspace.write("rabbitmq/rabbitmq.conf", settingsFor(amqp, management));
  // Quorum queues tell their lengths every 5 s by default; tests ask more often
  const advanced = workspace.write(
    "rabbitmq/advanced.config",
    "[{rabbit, [{quorum_tick_interval, 300}]}].\n",
  );
  const plugins = workspace.write("rabbitmq/plugins", "[rabbitmq_management,rabbitmq_shovel].\n");
  const env = {
    PATH: `${dirname(erl)}:${process.env.PATH}`,
    HOME: folder,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(epmd),
    RABBITMQ_NODENAME: "rabbit@localhost",
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(amqp),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: folder,
    RABBITMQ_LOG_BASE: folder,
    RABBITMQ_LOGS: "-",
    RABBITMQ_CONFIG_FILE: settings,
    RABBITMQ_ADVANCED_CONFIG_FILE: advanced,
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
    // The process is the broker itself, not a shell that waits for it
    RUNNING_UNDER_SYSTEMD: "yes",
    // Nothing from this machine's own RabbitMQ
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
  };
  // RabbitMQ would start this by itself, detached: it would outlive everything.
  await workspace.start("epmd", {
    file: packages.find("usr/lib/erlang/erts-*/bin/epmd"),
    args: ["-address", "127.0.0.1", "-port", String(epmd)],
  });

  const base = `http://127.0.0.1:${management}/api`;
  const authorization = `Basic ${Buffer.from("guest:guest").toString("base64")}`;
  const manage: RabbitMq["manage"] = (method, path, body) =>
    fetch(`${base}${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  return {
    name: "rabbitmq",
    command: {
      file: packages.find("usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"),
      args: [],
      env,
    },
    url: (user, password) => `amqp://${user}:${password}@127.0.0.1:${amqp}/`,
    management,
    manage,
    // A node that answers may still be starting its queues
    isReady: async () => (await manage("GET", "/health/checks/virtual-hosts")).ok,
  };
}

function erlScript(erlang: string, packages: Packages): string {
  const runtime = dirname(packages.find("usr/lib/erlang/erts-*/bin/erlexec"));
  return `#!/bin/sh
export ROOTDIR=${erlang} BINDIR=${runtime} EMU=beam PROGNAME=erl
exec ${runtime}/erlexec "$@"
`;
}

function settingsFor(amqp: number, management: number): string {
  return `listeners.tcp.1 = 127.0.0.1:${amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${management}
# Lengths every second; by default they are up to 5 s old
collect_statistics_interval = 500
management.sample_retention_policies.global.minute = 1
management.sample_retention_policies.basic.minute = 1
management.sample_retention_policies.detailed.10 = 1
log.file = false
log.console = true
log.console.level = warning
# A test machine may have little room left
disk_free_limit.absolute = 50MB
`;
}
