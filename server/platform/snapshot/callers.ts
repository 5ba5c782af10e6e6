/**
 * Who was signed in a moment ago, for the time that the database cannot say. A caller is remembered by a hash of the
 * session's id when the database has just vouched for it, is asked about again while the database answers (so that a
 * session that was ended is forgotten within seconds, whoever ended it), and counts for ten minutes after that.
 */
import { hash } from "node:crypto";
import * as z from "zod";
import { MINUTE_MS } from "../clock.ts";
import type { Actor } from "../context.ts";
import type { Db } from "../db.ts";
import { ROLES } from "../permissions.ts";

export type SignedIn = Extract<Actor, { kind: "user" }>;

/** How long the database's last word on a session counts. */
export const CALLER_TTL_MS = 10 * MINUTE_MS;
/** Callers remembered; more people than this do not look at one console within ten minutes. */
const MAX_CALLERS = 1_000;

const Remembered = z.object({
  actor: z.object({ kind: z.literal("user"), id: z.string(), name: z.string(), email: z.string(), role: z.enum(ROLES), sessionId: z.string(), owesSecondFactor: z.literal(true).optional() }),
  usedAt: z.coerce.date(),
  vouchedAt: z.coerce.date(),
});
type Remembered = z.infer<typeof Remembered>;

const Entry = z.tuple([z.string(), Remembered]);

const hashOf = (sessionId: string) => hash("sha256", sessionId, "base64url");

/** True while `since` lies at most the time to live back; a clock that was set back makes it false. */
const isFresh = (since: Date, now: Date) => now >= since && now.getTime() - since.getTime() <= CALLER_TTL_MS;

export class RecentCallers {
  readonly #callers = new Map<string, Remembered>();

  get size(): number {
    return this.#callers.size;
  }

  /** The database has just vouched for this caller. */
  remember(actor: SignedIn, now: Date): void {
    const key = hashOf(actor.sessionId);
    this.#callers.delete(key);
    // The id itself stays out of memory dumps and of the disk.
    this.#callers.set(key, { actor: { ...actor, sessionId: key }, usedAt: now, vouchedAt: now });
    for (const oldest of this.#callers.keys()) {
      if (this.#callers.size <= MAX_CALLERS) break;
      this.#callers.delete(oldest);
    }
  }

  /** Who had this session at the database's last word, if that is recent. */
  find(sessionId: string, now: Date): SignedIn | null {
    const known = this.#callers.get(hashOf(sessionId));
    if (!known || !isFresh(known.vouchedAt, now)) return null;
    return { ...known.actor, sessionId };
  }

  forget(sessionId: string): void {
    this.#callers.delete(hashOf(sessionId));
  }

  /** Asks the database about everybody again; forgets who is no longer signed in or did not call for ten minutes. */
  async vouch(db: Db, now: Date): Promise<void> {
    for (const [key, { usedAt }] of this.#callers) if (!isFresh(usedAt, now)) this.#callers.delete(key);
    const before = [...this.#callers.entries()];
    if (before.length === 0) return;
    const rows = await db.$queryRaw<{ hash: string; name: string; email: string; role: SignedIn["role"] }[]>`
      SELECT k.hash, u.name, u.email, u.role::text AS role
      FROM (SELECT s.user_id, translate(rtrim(encode(sha256(convert_to(s.id, 'UTF8')), 'base64'), '='), '+/', '-_') AS hash, s.revoked_at, s.expires_at
            FROM "session" s WHERE s.user_id = ANY(${before.map(([, { actor }]) => actor.id)})) k
      JOIN "user" u ON u.id = k.user_id
      WHERE k.revoked_at IS NULL AND k.expires_at > ${now} AND u.disabled_at IS NULL`;
    const live = new Map(rows.map((row) => [row.hash, row]));
    for (const [key, known] of before) {
      const row = live.get(key);
      // Remembered again while the question was out: that word is newer.
      if (this.#callers.get(key) !== known) continue;
      if (!row) this.#callers.delete(key);
      else this.#callers.set(key, { ...known, vouchedAt: now, actor: { ...known.actor, name: row.name, email: row.email, role: row.role } });
    }
  }

  /** Everybody as JSON values, for the disk. */
  entries(): unknown[] {
    return [...this.#callers.entries()];
  }

  /** Takes back what `entries` gave; what is known already stays. */
  restore(entries: readonly unknown[]): void {
    for (const entry of entries) {
      const parsed = Entry.safeParse(entry);
      if (parsed.success && !this.#callers.has(parsed.data[0])) this.#callers.set(...parsed.data);
    }
  }
}
