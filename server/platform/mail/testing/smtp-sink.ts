/** A small mail server for tests: takes messages over a plain socket and can refuse, stall or lose its answer. */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";

/** A message as it arrived; `isEncrypted` tells whether it came over TLS. */
export type Received = { from: string; to: string[]; login: string | null; source: string; isEncrypted: boolean };

/** A key pair in PEM; the server speaks TLS from the start, or when it is asked to. */
export type SinkTls = { key: string; cert: string; isOnRequest?: boolean };

/** What the next message meets: taken; a temporary or final refusal of the recipient; no answer; taken, but the answer is lost. */
export type Mood = "takes" | "busy" | "refuses" | "silent" | "drops answer";

export type Sink = { port: number; received: Received[]; set: (mood: Mood) => void; close: () => Promise<void> };

type State = Omit<Received, "isEncrypted"> & { inData: boolean; buffer: string };
type Serving = { received: Received[]; mood: Mood; tls?: SinkTls };

/** Speaks with one client; `isUpgraded` after STARTTLS, when everything begins anew but the greeting. */
function serve(socket: Socket, sink: Serving, isUpgraded = false): void {
  const state: State = { from: "", to: [], login: null, source: "", inData: false, buffer: "" };
  const offersTls = sink.tls?.isOnRequest === true && !isUpgraded;
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const endOfData = () => {
    sink.received.push({ from: state.from, to: state.to, login: state.login, source: state.source, isEncrypted: socket instanceof TLSSocket });
    state.inData = false;
    if (sink.mood === "drops answer") return void socket.destroy();
    say("250 2.0.0 taken");
  };
  const upgrade = () => {
    say("220 2.0.0 go on");
    socket.removeAllListeners("data");
    const { key, cert } = sink.tls ?? {};
    serve(new TLSSocket(socket, { isServer: true, key, cert }), sink, true);
  };
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    const rest = line.slice(5);
    if (verb === "EHLO") return void socket.write(`250-sink.test\r\n250-AUTH PLAIN\r\n${offersTls ? "250-STARTTLS\r\n" : ""}250 8BITMIME\r\n`);
    if (verb === "AUTH") {
      state.login = Buffer.from(rest.split(" ")[1] ?? "", "base64").toString().split("\0").slice(1).join(":");
      return state.login.endsWith(":wrong") ? say("535 5.7.8 no such login") : say("235 2.7.0 welcome");
    }
    if (verb === "STAR") return offersTls ? upgrade() : say("502 5.5.1 not here");
    if (verb === "MAIL") state.from = /<([^>]*)>/.exec(rest)?.[1] ?? "";
    if (verb === "RCPT") {
      if (sink.mood === "busy") return say("451 4.3.2 try again later");
      if (sink.mood === "refuses") return say("550 5.1.1 no such mailbox");
      state.to.push(/<([^>]*)>/.exec(rest)?.[1] ?? "");
    }
    if (verb === "DATA") {
      state.inData = true;
      return say("354 go on");
    }
    if (verb === "QUIT") return void socket.end("221 bye\r\n");
    say("250 2.0.0 fine");
  };
  socket.on("error", () => undefined);
  if (sink.mood === "silent") return;
  if (!isUpgraded) say("220 sink.test ESMTP");
  socket.on("data", (chunk: Buffer) => {
    state.buffer += chunk.toString();
    for (let at = state.buffer.indexOf("\r\n"); at >= 0; at = state.buffer.indexOf("\r\n")) {
      const line = state.buffer.slice(0, at);
      state.buffer = state.buffer.slice(at + 2);
      if (!state.inData) command(line);
      else if (line === ".") endOfData();
      else state.source += `${line}\n`;
    }
  });
}

/** Starts a sink on a free port of 127.0.0.1, with TLS when a key pair is given. */
export async function smtpSink(tls?: SinkTls): Promise<Sink> {
  const sink: Serving = { received: [], mood: "takes", tls };
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
    serve(socket, sink);
  };
  const server: Server = tls && tls.isOnRequest !== true ? createTlsServer(tls, onSocket).on("tlsClientError", () => undefined) : createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received: sink.received,
    set: (mood) => void (sink.mood = mood),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
