import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import type { ChainEntry, Link } from "../audit-chain.ts";

/** Rows read at once: a few MiB at most. */
const BATCH = 2_000;

/** Where the chain stands: its newest entry, and the last one that was archived. */
export type ChainHead = { head: Link; archived: Link };

/** Reads the one row that every audit entry locks. Throws when somebody removed it. */
export async function getChainHead(ctx: Context): Promise<ChainHead> {
  const row = await ctx.db.auditChain.findUniqueOrThrow({ where: { id: 1 } });
  return { head: { seq: row.seq, hash: row.hash }, archived: { seq: row.archivedSeq, hash: row.archivedHash } };
}

/** The entries after `after` up to `to`, both numbers of entries, oldest first, in the form that is hashed. */
export async function* readChain(ctx: Context, range: { after: bigint; to: bigint }): AsyncGenerator<ChainEntry> {
  for (let { after } = range; ; ) {
    const rows = await ctx.db.$queryRaw<ChainEntry[]>(Prisma.sql`
      SELECT id::text AS id, (extract(epoch FROM at) * 1000)::bigint::text AS "atMs", actor_kind AS "actorKind", actor_id AS "actorId",
        actor_label AS "actorLabel", action, target_kind AS "targetKind", target_id AS "targetId", summary,
        before::text AS before, after::text AS after, request_id AS "requestId", address, hash
      FROM audit_entry WHERE audit_entry.id > ${after} AND audit_entry.id <= ${range.to} ORDER BY audit_entry.id LIMIT ${BATCH}`);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = BigInt(last.id);
  }
}

/** The last number before the first entry that is not older than `before`; the head when all are older. */
export async function findLastBefore(ctx: Context, before: Date): Promise<bigint> {
  const [row] = await ctx.db.$queryRaw<{ seq: bigint }[]>`
    SELECT coalesce((SELECT min(id) - 1 FROM audit_entry WHERE at >= ${before}), (SELECT seq FROM audit_chain WHERE id = 1)) AS seq`;
  return row?.seq ?? 0n;
}
