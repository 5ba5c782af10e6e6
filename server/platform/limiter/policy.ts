/**
 * What an Admin changed about limits, as this process knows it. It is read again in the background when it is older
 * than two seconds and somebody is charged, so every busy process follows a change within seconds, an idle one costs
 * nothing, and nobody waits for it. When it cannot be read, the last known one stays in force.
 */
import * as z from "zod";
import { monotonicMs } from "../clock.ts";
import type { Db } from "../db.ts";
import { logger } from "../logger.ts";

/** Which families of limit headers are sent. */
export const HEADER_FAMILIES = ["both", "standard", "legacy"] as const;
export type HeaderFamilies = (typeof HEADER_FAMILIES)[number];

export type Policy = {
  /** Calls allowed by window name, where the environment's figure was changed. */
  max: ReadonlyMap<string, number>;
  /** Calls allowed by caller and window name. */
  overrides: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Ids of keys that are never refused. */
  exempt: ReadonlySet<string>;
  headers: HeaderFamilies;
};

export const NO_POLICY: Policy = { max: new Map(), overrides: new Map(), exempt: new Set(), headers: "both" };

/** The row of the table `setting` that names the header families. */
export const HEADERS_KEY = "limits.headers";

const REFRESH_MS = 2_000;

/** Reads the policy from the database. */
export async function loadPolicy(db: Db): Promise<Policy> {
  const [rules, rows, exempt, headers] = await Promise.all([
    db.limitRule.findMany({ where: { max: { not: null } }, select: { window: true, max: true } }),
    db.limitOverride.findMany({ select: { caller: true, window: true, max: true } }),
    db.limitExemption.findMany({ select: { keyId: true } }),
    db.setting.findUnique({ where: { key: HEADERS_KEY } }),
  ]);
  const overrides = new Map<string, Map<string, number>>();
  for (const { caller, window, max } of rows) overrides.set(caller, (overrides.get(caller) ?? new Map<string, number>()).set(window, max));
  return {
    max: new Map(rules.flatMap(({ window, max }) => (max === null ? [] : [[window, max] as const]))),
    overrides,
    exempt: new Set(exempt.map(({ keyId }) => keyId)),
    headers: z.enum(HEADER_FAMILIES).catch("both").parse(headers?.value),
  };
}

type Held = { policy: Policy; readAt: number; reading: Promise<void> | null };
const holder = globalThis as { seaworthyLimitPolicy?: Held };

function held(): Held {
  holder.seaworthyLimitPolicy ??= { policy: NO_POLICY, readAt: Number.NEGATIVE_INFINITY, reading: null };
  return holder.seaworthyLimitPolicy;
}

/** Reads the policy now; resolves when this process follows it. Keeps the last known one when that fails. */
export function refreshPolicy(db: Db): Promise<void> {
  const own = held();
  own.reading ??= loadPolicy(db)
    .then((policy) => void (own.policy = policy))
    .catch((error: unknown) => logger().warn({ err: error }, "limits could not be read, the last known ones stay in force"))
    .finally(() => {
      own.readAt = monotonicMs();
      own.reading = null;
    });
  return own.reading;
}

/** The policy in force. With a database, an old one is read again in the background. */
export function currentPolicy(db?: Db): Policy {
  const own = held();
  if (db && own.reading === null && monotonicMs() - own.readAt > REFRESH_MS) void refreshPolicy(db);
  return own.policy;
}
