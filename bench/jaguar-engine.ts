// Memory and CPU of JaguarEngine's wrapper with readers that cannot keep up, for ten minutes or as many as the
// first argument says: `npm run -s bench:jaguar-engine -- 10`
//
// A stand-in for jaguar_server sends 3.4 MB twenty times a second. Ten readers take 200 kB/s each, so
// one state lasts them 17 s; two never read, and are sent away after a minute; one keeps up. Afterwards
// the slow ones are connected to the server itself, for comparison. Ends with 1 where memory grew.
import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Client, until } from "../tests/jaguar-engine/support.ts";
import { WrapperProcess } from "../tests/jaguar-engine/wrapper-process.ts";

const entities = 7000;
const bytesPerSecond = 200_000;
/** Readers by the bytes a second that they take. */
const slow: readonly number[] = [...Array(10).fill(bytesPerSecond), 0, 0];
/** What garbage collection and a busy machine may add to a mean. */
const tolerance = 1.15;
/** MB that wait in the server: a few states are on their way at any time. */
const mostWaiting = 20;
/** A multiple of the time between two samples, 3 s. */
const directSeconds = 15;

type Sample = {
  /** MB of resident memory. */
  readonly wrapper: number;
  /** MB that the server holds for its connections. */
  readonly waiting: number;
};

const minutes = Number(process.argv[2] ?? 10);
const wrapper = await WrapperProcess.start({
  args: ["--entities", String(entities), "--report-backlog"],
});
try {
  const { http, ws } = await wrapper.ports();
  await until(async () => (await fetch(`${http}/health/ready`)).ok);
  const port = Number(new URL(ws).port);

  const fast = new Client(ws);
  let states = 0;
  fast.socket.on("message", () => {
    states += 1;
    // A reader, not a collector
    fast.messages.length = 0;
  });
  const readers = slow.map((rate) => keepReading(port, rate));
  const before = cpuSeconds(wrapper.pid);
  const samples = await sample(minutes * 60, 5);
  const cores = (cpuSeconds(wrapper.pid) - before) / (minutes * 60);
  for (const stop of readers) stop();

  const metrics = await (await fetch(`${http}/metrics`)).text();
  const told = metrics.match(/^jaguar_(client\w*|entity_count|unreadable\w*)[ {].*$/gm) ?? [];
  console.log(`\n${told.join("\n")}\n`);
  console.log(
    `the reader that keeps up got ${(states / (minutes * 60)).toFixed(1)} states a second`,
  );
  const growth = mean(third(samples, -1), "wrapper") / mean(third(samples, -2), "wrapper");
  console.log(`the wrapper's memory of the last third is ${growth.toFixed(2)} × that before`);
  const most = Math.max(...third(samples, -1).map(({ waiting }) => waiting));
  console.log(`at most ${most} MB waited in the server in the last third`);
  console.log(`the wrapper took ${cores.toFixed(2)} of a core`);
  // Not the other way round: nothing measured is no success
  if (!(growth <= tolerance && most <= mostWaiting)) process.exitCode = 1;

  console.log("\nthe same readers without the wrapper between");
  const direct = slow.map((rate) => keepReading(wrapper.serverPort, rate));
  const held = (await sample(directSeconds, 3)).map(({ waiting }) => waiting);
  const rate = ((held.at(-1) ?? NaN) - (held[0] ?? NaN)) / (directSeconds - 3);
  console.log(`what waited in the server grew by ${Math.round(rate)} MB a second`);
  for (const stop of direct) stop();
  fast.socket.terminate();
} finally {
  await wrapper.end();
}

/** Takes samples and prints them. */
async function sample(seconds: number, every: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  while (elapsed() < seconds) {
    await wait(every * 1000);
    const [, backlog] = [...wrapper.output.matchAll(/backlog: (\d+)/g)].at(-1) ?? [];
    const taken = {
      wrapper: residentMemory(wrapper.pid),
      waiting: Math.round(Number(backlog) / 1e6),
    };
    samples.push(taken);
    const time = `${Math.round(elapsed())} s`;
    console.log(`${time}: wrapper ${taken.wrapper} MB, waiting in the server ${taken.waiting} MB`);
  }
  return samples;
}

function residentMemory(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1000);
}

/** User and system time; Linux counts them in hundredths. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // What precedes is the program's name, which may hold spaces
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A third of the samples, counted from the end: -1 is the last. */
function third(samples: readonly Sample[], which: -1 | -2): readonly Sample[] {
  const length = Math.floor(samples.length / 3);
  return samples.slice(which * length, which === -1 ? undefined : -length);
}

function mean(samples: readonly Sample[], name: keyof Sample): number {
  return samples.reduce((sum, { [name]: value }) => sum + value, 0) / samples.length;
}

/** Connects and takes so many bytes a second; comes back when it is sent away. Returns what ends it. */
function keepReading(port: number, rate: number): () => void {
  let isOver = false;
  let socket: Socket;
  const connect = () => {
    socket = createConnection({ host: "127.0.0.1", port });
    // No library reads this slowly: the handshake by hand, then bytes.
    socket.write(
      [
        "GET / HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: jaguar-protocol",
        "\r\n",
      ].join("\r\n"),
    );
    socket.pause();
    socket.on("error", () => {});
    socket.on("close", () => !isOver && connect());
  };
  connect();
  const timer = setInterval(() => socket.read(Math.min(rate / 10, socket.readableLength)), 100);
  return () => {
    isOver = true;
    clearInterval(timer);
    socket.destroy();
  };
}
