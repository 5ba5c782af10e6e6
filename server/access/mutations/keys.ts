import { audit } from "../../platform/audit.ts";
import { makeApiKey } from "../../platform/auth/api-key.ts";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { isAdmin, personOf, refuseKeys } from "../caller.ts";
import { getKey } from "../queries/index.ts";
import type { ApiKey, ById, CreateKey, KeyWithText } from "../schema.ts";

/** Creates a key for the caller; its text is in the answer and nowhere else. Throws `forbidden` when a key asks. */
export async function createKey(ctx: Context, input: CreateKey): Promise<KeyWithText> {
  refuseKeys(ctx);
  return insertKey(ctx, personOf(ctx.actor), input);
}

/** Creates a key for a named owner; for the command line, whose right is the database itself. */
export async function insertKey(ctx: Context, ownerId: string, input: CreateKey): Promise<KeyWithText> {
  const { plain, prefix, hash } = makeApiKey();
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const id = newId("key", now);
    const expiresAt = input.expiresInDays === null ? null : new Date(now.getTime() + input.expiresInDays * DAY_MS);
    const scopes = [...new Set(input.scopes)];
    await tx.db.apiKey.create({ data: { id, name: input.name, prefix, hash, ownerId, scopes, expiresAt, createdAt: now } });
    const key = await getKey(tx, id);
    await audit(tx, { action: "access.createKey", target: { kind: "apiKey", id }, summary: `Created the API key ${key.name} (${prefix}) with ${scopes.join(", ")}`, after: key });
    await announce(tx, { topic: "access", id });
    return { key, plainKey: plain };
  });
}

/** Revokes a key from its next request on: one's own, or anybody's for an admin. Throws `not_found`, `conflict` when revoked already. */
export async function revokeKey(ctx: Context, input: ById): Promise<ApiKey> {
  return inTransaction(ctx, async (tx) => {
    const before = await getKey(tx, input.id);
    if (!isAdmin(tx.actor) && before.ownerId !== personOf(tx.actor)) throw new AppError("not_found", "There is no API key with this id.");
    const { count } = await tx.db.apiKey.updateMany({ where: { id: input.id, revokedAt: null }, data: { revokedAt: tx.now() } });
    if (count === 0) throw new AppError("conflict", `The key ${before.name} is revoked already.`);
    const key = await getKey(tx, input.id);
    await audit(tx, { action: "access.revokeKey", target: { kind: "apiKey", id: key.id }, summary: `Revoked the API key ${key.name} (${key.prefix})`, before, after: key });
    await announce(tx, { topic: "access", id: key.id });
    return key;
  });
}
