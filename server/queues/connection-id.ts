/** Ids of connections: short words that stand in addresses and figures. Pure. */
import { OWN_CONNECTION } from "./schema/index.ts";

/** Parts of addresses that are pages of their own. */
const RESERVED = [OWN_CONNECTION, "connections", "dead", "dead-letters", "workers", "operations", "bulk", "jobs", "summary", "metrics", "policies", "quarantine", "schedules"];
const LONGEST = 30;

/** The name in lower-case letters, digits and dashes; with a number when that is taken. */
export function freeId(name: string, taken: readonly string[]): string {
  const ascii = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const word = ascii.slice(0, LONGEST).replace(/-+$/, "") || "queues";
  const isFree = (id: string) => !taken.includes(id) && !RESERVED.includes(id);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? word : `${word}-${number}`;
    if (isFree(id)) return id;
  }
}
