// The stand-in as a process, with jaguar_server's flags and some of its own:
// --entities N, --start-after MS, --exit-after MS with --exit-code N, --report-backlog
import { parseArgs } from "node:util";
import { StandIn } from "./stand-in.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8081" },
    "tick-rate": { type: "string", default: "20" },
    "time-scale": { type: "string", default: "1" },
    entities: { type: "string", default: "8" },
    "start-after": { type: "string", default: "0" },
    "exit-after": { type: "string" },
    "report-backlog": { type: "boolean", default: false },
    "exit-code": { type: "string", default: "0" },
  },
});

console.log(`flags: ${JSON.stringify(values)}`);
process.on("SIGTERM", () => process.exit(0));
if (values["exit-after"]) {
  setTimeout(() => process.exit(Number(values["exit-code"])), Number(values["exit-after"]));
}
setTimeout(() => {
  const standIn = new StandIn({
    port: Number(values.port),
    entities: Number(values.entities),
    abort: () => process.abort(),
  });
  standIn.listen();
  if (values["report-backlog"]) setInterval(() => console.log(`backlog: ${standIn.backlog}`), 1000);
}, Number(values["start-after"]));
