/** Asks nobody: judges what the job itself reported. */
import type { HeartbeatCheck } from "../check-config.ts";
import { readHeartbeat } from "../heartbeat.ts";
import { noAnswer, type Probe } from "./reading.ts";

export const probeHeartbeat: Probe<HeartbeatCheck> = async (world, check) => {
  const facts = await world.readHeartbeat(check.pingId ?? "");
  return facts ? readHeartbeat(check, facts, world.now()) : noAnswer("unknown", "the address of this heartbeat is gone");
};
