import type { ToolName } from "../../tools/tools.ts";

/** A program that really runs in a rehearsal, in the place of one Deployment's containers. */
export type Program = {
  readonly namespace: string;
  readonly deployment: string;
  /** Whose permissions it has; pods of this account become ready when the program is. */
  readonly serviceAccount: string;
  readonly tool: ToolName;
  /** Its listeners by name: each gets a free port on loopback. */
  readonly ports: readonly string[];
  /** Ports of Services that the API server dials: webhooks and aggregated APIs. */
  readonly services?: readonly ServicePort[];
  /** Secrets whose keys it reads as files; it starts when they are there, unless they are its own. */
  readonly secrets?: readonly { readonly name: string; readonly own?: boolean }[];
  readonly command: (context: ProgramContext) => ProgramCommand;
  /** Where it answers 200 once it works; without, it counts as soon as it runs. */
  readonly ready?: {
    readonly scheme: "http" | "https";
    readonly port: string;
    readonly path: string;
  };
};

type ServicePort = { readonly name: string; readonly port: number; readonly leadsTo: string };

/** What a program is started with. */
export type ProgramContext = {
  readonly namespace: string;
  /** The arguments of its container, as git says, with `$(NAME)` replaced. */
  readonly args: readonly string[];
  /** The literal environment of its container. */
  readonly env: Readonly<Record<string, string>>;
  /** The HTTP proxy that leads to Services by their DNS names. */
  readonly proxy: string;
  /** The local port of a listener of any program. */
  readonly port: (name: string) => number;
  /** The folder of a Secret's keys. */
  readonly folder: (secret: string) => string;
};

type ProgramCommand = {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};
