/** Opens a TCP connection and closes it: the port answers, nothing more is claimed. */
import type { TcpCheck } from "../check-config.ts";
import type { Probe } from "./reading.ts";
import { openSocket, withTarget } from "./session.ts";

export const probeTcp: Probe<TcpCheck> = (world, check, limits) =>
  withTarget(world, { host: check.host, port: check.port, limits }, async (session) => {
    const socket = await openSocket(session, world, { tls: false });
    const latencyMs = session.elapsedMs();
    socket.destroy();
    return { verdict: "up", latencyMs, message: `connected in ${Math.round(latencyMs)} ms`, components: [], timings: session.timings };
  });
