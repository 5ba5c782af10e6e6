/**
 * Speaks RESP to a Redis server: AUTH when a password is given, SELECT when a database is, then PING. Written out, because
 * four commands need no client library and a hostile server must not fill one's buffers.
 * Protocol: redis.io/docs/latest/develop/reference/protocol-spec.
 */
import type { Socket } from "node:net";
import type { RedisCheck } from "../check-config.ts";
import { plainText } from "../health-documents/plain-text.ts";
import type { Probe } from "./reading.ts";
import { openSocket, unexpected, withTarget } from "./session.ts";

/** Longest reply line; ours are "+OK", "+PONG" and error texts. */
const MAX_REPLY_BYTES = 4_096;
const MAX_ERROR_LENGTH = 120;
const DEFAULT_PORT = 6_379;

const command = (...words: string[]) => `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;

/** The commands of one check and, beside each, the name an error is reported under. */
function script(url: URL): { name: string; bytes: string }[] {
  const steps: { name: string; bytes: string }[] = [];
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  if (password !== "") steps.push({ name: "sign-in", bytes: user === "" ? command("AUTH", password) : command("AUTH", user, password) });
  const database = url.pathname.slice(1);
  if (database !== "" && database !== "0") steps.push({ name: "database", bytes: command("SELECT", database) });
  steps.push({ name: "ping", bytes: command("PING") });
  return steps;
}

/** Reads reply lines one by one. Rejects when the server hangs up, speaks too long a line, or the signal aborts. */
function lineReader(socket: Socket, signal: AbortSignal): () => Promise<string> {
  let buffered = Buffer.alloc(0);
  let wake: (() => void) | null = null;
  let failure: unknown = null;
  const notify = () => wake?.();
  const fail = (error: unknown) => {
    failure ??= error;
    notify();
  };
  socket.on("data", (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    if (buffered.length > MAX_REPLY_BYTES) {
      socket.destroy();
      fail(unexpected("the answer is not Redis: the line is too long"));
    }
    notify();
  });
  socket.on("error", fail);
  socket.on("close", () => fail(unexpected("connection closed before the answer was complete")));
  signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  if (signal.aborted) fail(signal.reason);
  return async () => {
    for (;;) {
      const end = buffered.indexOf("\r\n");
      if (end >= 0) {
        const line = buffered.toString("utf8", 0, end);
        buffered = buffered.subarray(end + 2);
        return line;
      }
      if (failure) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

/** Runs the script. Returns a warning for a server that answers but is not ready, or null. */
async function talk(socket: Socket, url: URL, signal: AbortSignal): Promise<string | null> {
  const steps = script(url);
  const nextLine = lineReader(socket, signal);
  socket.write(steps.map((step) => step.bytes).join(""));
  for (const step of steps) {
    const line = await nextLine();
    if (line.startsWith("-LOADING") || line.startsWith("-BUSY") || line.startsWith("-MASTERDOWN")) return plainText(line.slice(1), MAX_ERROR_LENGTH);
    if (line.startsWith("-")) throw unexpected(`${step.name} refused: ${plainText(line.slice(1), MAX_ERROR_LENGTH)}`);
    if (!line.startsWith("+")) throw unexpected("the answer is not Redis");
  }
  return null;
}

export const probeRedis: Probe<RedisCheck> = (world, check, limits) => {
  const url = new URL(check.url);
  const to = { host: url.hostname, port: url.port === "" ? DEFAULT_PORT : Number(url.port), limits };
  return withTarget(world, to, async (session) => {
    const socket = await openSocket(session, world, { tls: url.protocol === "rediss:" });
    try {
      const warning = await talk(socket, url, session.deadline.signal);
      const latencyMs = session.elapsedMs();
      const message = warning ?? `PONG in ${Math.round(latencyMs)} ms`;
      return { verdict: warning ? "degraded" : "up", latencyMs, message, components: [], timings: session.timings };
    } finally {
      socket.destroy();
    }
  });
};
