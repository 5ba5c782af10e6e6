/** How access stands as a whole, for modules that judge it. */
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";

/** A key is expiring when fewer days are left: two working weeks to make another. */
const KEY_EXPIRES_SOON_DAYS = 14;
/** A key that nobody used for so long is forgotten rather than needed. */
const KEY_IDLE_DAYS = 90;

export type AccessFacts = {
  admins: number;
  adminsWithSecondFactor: number;
  keys: number;
  /** Names of live keys without an end, with a near end, and unused. */
  endlessKeys: string[];
  expiringKeys: string[];
  idleKeys: string[];
  /** Live keys that may do everything. */
  allPowerfulKeys: string[];
  /** Entries of the audit trail, and when the newest was written. */
  auditEntries: number;
  lastAuditAt: Date | null;
};

/** Enabled administrators and live keys of enabled owners. */
export async function readAccessFacts(ctx: Context): Promise<AccessFacts> {
  const now = ctx.now();
  const [admins, keys, chain, newest] = await Promise.all([
    ctx.db.user.findMany({ where: { role: "admin", disabledAt: null }, select: { secondFactor: { select: { confirmedAt: true } }, identities: { select: { id: true } } } }),
    ctx.db.apiKey.findMany({
      where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }], owner: { disabledAt: null } },
      select: { name: true, expiresAt: true, lastUsedAt: true, createdAt: true, scopes: true },
      orderBy: { id: "asc" },
    }),
    ctx.db.auditChain.findFirst({ select: { seq: true } }),
    ctx.db.auditEntry.findFirst({ select: { at: true }, orderBy: { id: "desc" } }),
  ]);
  const soon = new Date(now.getTime() + KEY_EXPIRES_SOON_DAYS * DAY_MS);
  const idle = new Date(now.getTime() - KEY_IDLE_DAYS * DAY_MS);
  const named = (rows: typeof keys) => rows.map(({ name }) => name);
  return {
    admins: admins.length,
    adminsWithSecondFactor: admins.filter(({ secondFactor, identities }) => secondFactor?.confirmedAt || identities.length > 0).length,
    keys: keys.length,
    endlessKeys: named(keys.filter(({ expiresAt }) => expiresAt === null)),
    expiringKeys: named(keys.filter(({ expiresAt }) => expiresAt !== null && expiresAt < soon)),
    idleKeys: named(keys.filter(({ lastUsedAt, createdAt }) => (lastUsedAt ?? createdAt) < idle)),
    allPowerfulKeys: named(keys.filter(({ scopes }) => scopes.includes("*"))),
    auditEntries: Number(chain?.seq ?? 0n),
    lastAuditAt: newest?.at ?? null,
  };
}
