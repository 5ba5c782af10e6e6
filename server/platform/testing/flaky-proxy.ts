/**
 * A TCP proxy that fails on command, between a test and a real server: refuse, hang (open and silent), slow. It
 * stands for a server that died, froze, restarts or is far away, without touching the server other tests use.
 */
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export type Weather = "fine" | "refuse" | "hang" | "slow";

export type FlakyProxy = {
  readonly port: number;
  /** The server's URL with the proxy's port. */
  url: (of: string) => string;
  /** From now on, for open connections too. `refuse` also cuts the open ones. */
  set: (weather: Weather) => Promise<void>;
  close: () => Promise<void>;
};

const SLOW_MS = 2_000;

export async function flakyProxy(target: { host: string; port: number }): Promise<FlakyProxy> {
  let weather: Weather = "fine";
  const sockets = new Set<Socket>();
  let port = 0;

  const forward = (from: Socket, to: Socket) => {
    from.on("data", (chunk) => {
      const send = () => void (weather === "fine" || weather === "slow" ? to.write(chunk) : held.push(send));
      if (weather === "slow") setTimeout(send, SLOW_MS);
      else send();
    });
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  };
  const held: (() => void)[] = [];
  const serve = (client: Socket) => {
    const upstream = createConnection(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    forward(client, upstream);
    forward(upstream, client);
  };
  let server: Server | null = null;
  const open = () =>
    new Promise<void>((resolve) => {
      const opened = createServer(serve).listen(port, "127.0.0.1", () => {
        port = (opened.address() as AddressInfo).port;
        resolve();
      });
      server = opened;
    });
  const shut = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      if (!server) return resolve();
      server.close(() => resolve());
      server = null;
    });
  await open();
  return {
    get port() {
      return port;
    },
    url: (of) => {
      const url = new URL(of);
      url.host = `127.0.0.1:${port}`;
      return url.toString();
    },
    set: async (next) => {
      const wasShut = server === null;
      weather = next;
      if (next === "refuse") return shut();
      if (wasShut) await open();
      if (next === "fine") for (const send of held.splice(0)) send();
    },
    close: shut,
  };
}
