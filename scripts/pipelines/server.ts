import { waitFor } from "../rehearsal/wait.ts";
import type { Workspace } from "../rehearsal/workspace.ts";

/** A process that can be started, stopped and started again with the same data and ports. */
export type Server = {
  /** Of its process and of its log. */
  readonly name: string;
  readonly command: {
    readonly file: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  readonly isReady: () => Promise<boolean>;
};

/** Starts a server and waits until it answers. */
export async function startServer(workspace: Workspace, server: Server): Promise<void> {
  await workspace.start(server.name, { ...server.command, mayEnd: true });
  await waitFor(`"${server.name}" to answer`, 60, async () => {
    if (workspace.hasEnded(server.name)) {
      throw new Error(`"${server.name}" has ended: ${workspace.log(server.name).slice(-2000)}`);
    }
    return server.isReady().catch(() => false);
  });
}

/** Ends a server by a signal and waits until its process is gone. */
export async function stopServer(
  workspace: Workspace,
  server: Server,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<void> {
  workspace.signal(server.name, signal);
  await waitFor(`"${server.name}" to end`, 120, async () => workspace.hasEnded(server.name));
}
