import { createLogUpdate } from "log-update";
import type { ApplicationState } from "./application-state.ts";
import type { RehearsalEvents, Verdict } from "./rehearsal.ts";
import { renderEvent, renderTable, renderVerdict } from "./report.ts";

/** What a person sees of a rehearsal while it runs. */
export type LiveView = RehearsalEvents & {
  readonly print: (text: string) => void;
  /** Shows a sync's verdict when it is there, and passes it on. */
  readonly verdict: (sync: Promise<Verdict>) => Promise<Verdict>;
};

/**
 * The timeline as it happens; on a terminal a live table of all Applications stands below it.
 * Times count from the moment the view is made.
 */
export function liveView(stream: NodeJS.WriteStream): LiveView {
  const isLive = stream.isTTY === true;
  const colour = isLive && !process.env.NO_COLOR;
  const start = Date.now();
  const log = createLogUpdate(stream);
  let phase = "";
  let table = "";

  function print(text: string): void {
    if (isLive) log.clear();
    stream.write(`${text}\n`);
    draw();
  }

  function draw(): void {
    if (isLive && phase !== "") log([`  … ${phase}`, table].filter(Boolean).join("\n"));
  }

  return {
    print,
    onBuild: (name, seconds) =>
      print(`building ${name}, once: up to ${duration(seconds)} on two cores`),
    onPhase(what) {
      phase = what;
      if (isLive) draw();
      else print(`starting ${what}`);
    },
    onEvent: (event) => print(renderEvent(event)),
    onStates(states: readonly ApplicationState[]) {
      table = renderTable(states);
      draw();
    },
    async verdict(sync) {
      const verdict = await sync;
      phase = "";
      table = "";
      if (isLive) log.clear();
      print(`\n${renderVerdict(verdict, Date.now() - start, colour)}`);
      return verdict;
    },
  };
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
