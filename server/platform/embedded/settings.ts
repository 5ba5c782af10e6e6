/**
 * What the embedded database must keep between starts: its port and its password, in `database.json` (mode 0600) of the
 * data folder. The port is chosen once so that tools keep working; it changes only when another program took it.
 */
import crypto from "node:crypto";
import net from "node:net";
import path from "node:path";
import * as z from "zod";
import { AppError } from "../errors.ts";
import { newSecret, readOrCreatePrivateFile, writePrivateFile } from "../secrets.ts";

/** Below the range that systems hand out for outgoing connections (32768 and up), above the well-known ports. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const PORT_TRIES = 50;

const Settings = z.object({ port: z.number().int(), password: z.string().min(1) });
export type Settings = z.infer<typeof Settings>;

/** The user and the database of the product. The user owns the cluster; backups need that. */
export const DATABASE_USER = "seaworthy";
export const DATABASE_NAME = "seaworthy";

/** Why nobody can listen there, as a system error code such as `EADDRINUSE`; null when it is free. */
export function portProblem(port: number, host = "127.0.0.1"): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

const isPortFree = async (port: number) => (await portProblem(port)) === null;

/** A port of 127.0.0.1 that nothing listens on. Throws `unavailable`. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const port = crypto.randomInt(FIRST_PORT, LAST_PORT);
    if (await isPortFree(port)) return port;
  }
  throw new AppError("unavailable", `No free port between ${FIRST_PORT} and ${LAST_PORT}. Nothing was changed.`);
}

const fileIn = (dataDir: string) => path.join(dataDir, "database.json");
const toText = (settings: Settings) => `${JSON.stringify(settings, null, 2)}\n`;

/** Reads the settings, or chooses and keeps them. */
export async function readSettings(dataDir: string): Promise<Settings> {
  const chosen = { port: await freePort(), password: newSecret() };
  return Settings.parse(JSON.parse(readOrCreatePrivateFile(fileIn(dataDir), () => toText(chosen))));
}

/** Returns settings whose port is free; chooses and keeps another one when it is taken. */
export async function withFreePort(dataDir: string, settings: Settings): Promise<Settings> {
  if (await isPortFree(settings.port)) return settings;
  const moved = { ...settings, port: await freePort() };
  writePrivateFile(fileIn(dataDir), toText(moved));
  return moved;
}

/** The connection URL of a database of the cluster. */
export function urlOf(settings: Settings, database: string = DATABASE_NAME): string {
  return `postgresql://${DATABASE_USER}:${encodeURIComponent(settings.password)}@127.0.0.1:${settings.port}/${database}`;
}
