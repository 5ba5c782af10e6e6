/**
 * What administrators allowed in the settings, as this process knows it: read again when it is older than two seconds
 * and somebody is about to call out, so that a removed entry stops working within seconds everywhere. While it cannot
 * be read the last known list counts; before it ever was, nothing is allowed beyond the environment.
 */
import * as z from "zod";
import { monotonicMs, SECOND_MS } from "../clock.ts";
import { database, type Db } from "../db.ts";
import { logger } from "../logger.ts";

/** The row of the table `setting`: `{ revision, granted }`. */
export const EGRESS_KEY = "settings.egress";

/** Entries an administrator may add; more are a network plan, which belongs in the environment. */
export const MAX_GRANTS = 50;

export const StoredGrants = z.object({ revision: z.number().int().min(0), granted: z.array(z.string()).max(MAX_GRANTS) });
export type StoredGrants = z.infer<typeof StoredGrants>;

const NO_GRANTS: StoredGrants = { revision: 0, granted: [] };

const REFRESH_MS = 2 * SECOND_MS;
/** A call out waits no longer than this for the database. */
const PATIENCE_MS = SECOND_MS;

type Held = { granted: readonly string[]; readAt: number; reading: Promise<void> | null };
const holder = globalThis as { seaworthyEgressGrants?: Held };

function held(): Held {
  holder.seaworthyEgressGrants ??= { granted: NO_GRANTS.granted, readAt: Number.NEGATIVE_INFINITY, reading: null };
  return holder.seaworthyEgressGrants;
}

/** What is stored now. A row that cannot be read allows nothing. */
export async function readGrants(db: Db): Promise<StoredGrants> {
  const row = await db.setting.findUnique({ where: { key: EGRESS_KEY }, select: { value: true } });
  return StoredGrants.catch(NO_GRANTS).parse(row?.value ?? NO_GRANTS);
}

/** Reads the list now; resolves when this process follows it, whether or not it could be read. */
export function refreshGrants(db: Db): Promise<void> {
  const own = held();
  own.reading ??= readGrants(db)
    .then(({ granted }) => {
      // The same list stays the same object, so that nothing is built again.
      if (granted.join(",") !== own.granted.join(",")) own.granted = granted;
    })
    .catch((error: unknown) => logger().warn({ err: error }, "the allowed destinations could not be read, the last known ones stay in force"))
    .finally(() => {
      own.readAt = monotonicMs();
      own.reading = null;
    });
  return own.reading;
}

/** The entries in force. */
export async function grantedNow(): Promise<readonly string[]> {
  const own = held();
  if (monotonicMs() - own.readAt > REFRESH_MS) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        // The next callers do not wait for the same silence.
        own.readAt = monotonicMs();
        resolve();
      }, PATIENCE_MS);
    });
    await Promise.race([refreshGrants(database().client), late]);
    clearTimeout(timer);
  }
  return own.granted;
}
