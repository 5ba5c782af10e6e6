/**
 * Connections that never said a word: browsers open them in advance, attackers in masses. Node counts them as busy
 * until the header timeout, so closing idle connections leaves them standing; here they can be closed at any time.
 */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { monotonicMs } from "../clock.ts";

/** Follows the server's connections. Returns a function that closes those silent for longer than the given time. */
export function trackSilence(server: Server): (olderThanMs: number) => void {
  const opened = new Map<Socket, number>();
  server.on("connection", (socket: Socket) => {
    opened.set(socket, monotonicMs());
    socket.once("close", () => opened.delete(socket));
  });
  return (olderThanMs) => {
    const now = monotonicMs();
    for (const [socket, openedAt] of opened) {
      if (socket.bytesRead === 0 && now - openedAt > olderThanMs) socket.destroy();
    }
  };
}
