import { styleText } from "node:util";
import type { Place } from "../yaml/place.ts";
import type { ApplicationState } from "./application-state.ts";
import type { ExplainedCause } from "./explain.ts";
import type { Verdict } from "./rehearsal.ts";
import type { TimelineEvent } from "./timeline.ts";
import type { Upgrade } from "./upgrade.ts";

/** One line of the timeline: seconds, who, what. */
export function renderEvent({ at, subject, what }: TimelineEvent): string {
  return `${seconds(at).padStart(8)}  ${subject.padEnd(20)} ${firstLine(what)}`;
}

/** The live table: one line per Application, in the order they sync. */
export function renderTable(states: readonly ApplicationState[]): string {
  const width = Math.max(...states.map(({ name }) => name.length), 0);
  return states
    .toSorted((a, b) => a.wave - b.wave || (a.name < b.name ? -1 : 1))
    .map(({ name, wave, sync, health, operation }) => {
      const doing = operation?.phase === "Running" ? firstLine(operation.message) : "";
      return `  ${String(wave).padStart(3)}  ${name.padEnd(width)}  ${sync.padEnd(9)}  ${health.padEnd(11)}  ${doing}`.trimEnd();
    })
    .join("\n");
}

/** The verdict in a line, then the simulated kinds or the causes. */
export function renderVerdict(verdict: Verdict, milliseconds: number, colour: boolean): string {
  const paint = (format: "green" | "red" | "dim", text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  if (verdict.kind === "healthy") {
    return [
      `${paint("green", "healthy, with simulated parts")} in ${seconds(milliseconds)}`,
      paint("dim", `  simulated: ${verdict.simulated.join(", ")}`),
      ...verdict.standIns.map((standIn) => paint("dim", `  replaced:  ${standIn}`)),
    ].join("\n");
  }
  return [
    `${paint("red", "failed")} in ${seconds(milliseconds)}`,
    ...verdict.causes.map(renderCause),
  ].join("\n\n");
}

/** What an upgrade did to the objects of the first commit. */
export function renderUpgrade({ added, pruned, recreated }: Upgrade): string {
  const line = (what: string, names: readonly string[]) =>
    `  ${what.padEnd(9)} ${names.length === 0 ? "nothing" : names.join(", ")}`;
  return [line("added", added), line("pruned", pruned), line("recreated", recreated)].join("\n");
}

function renderCause({ application, resource, message, events, place }: ExplainedCause): string {
  const subject = resource
    ? `${application}: ${resource.kind} ${[resource.namespace, resource.name].filter(Boolean).join("/")}`
    : application;
  const lines = [message, ...events.filter((event) => message === "" || !event.endsWith(message))];
  return [
    `  ${subject}`,
    ...lines.map((line) => `    ${line.trim()}`),
    ...(place ? [`    at ${renderPlace(place)}`] : []),
  ].join("\n");
}

function renderPlace({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
