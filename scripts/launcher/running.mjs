/** Looks for a console that already runs over the data folder, before anything it serves from is touched. */
import fs from "node:fs";
import path from "node:path";
import { inRoot } from "./run.mjs";

/** The record that server/main.ts keeps while it runs, when its process lives; null otherwise. */
export function findRunning() {
  const file = path.resolve(inRoot(), process.env.SEAWORTHY_DATA_DIR ?? ".seaworthy", "running.json");
  if (!fs.existsSync(file)) return null;
  const record = JSON.parse(fs.readFileSync(file, "utf8"));
  try {
    process.kill(record.pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return null;
  }
  return record;
}
