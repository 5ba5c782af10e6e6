import { audit } from "../../platform/audit.ts";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { follow, isProblem, type ChainEntry, type Link } from "../audit-chain.ts";
import { appendAnchor, readAnchors, writeArchive } from "../audit-files.ts";
import { findLastBefore, getChainHead, readChain } from "../queries/audit-chain.ts";

/** Entries in one archive file, so that taking them out of the table stays far below the query time limit. */
const ENTRIES_PER_ARCHIVE = 20_000n;

/** Writes number and hash of the newest entry to the data folder and to the log. False when nothing is new. */
export async function anchorAudit(ctx: Context, { dataDir }: { dataDir: string }): Promise<boolean> {
  const { head } = await getChainHead(ctx);
  const newest = (await readAnchors(dataDir)).at(-1);
  if (head.seq === 0n || (newest?.seq === head.seq && newest.hash === head.hash)) return false;
  await appendAnchor(dataDir, head, ctx.now());
  ctx.log.info({ auditSeq: head.seq.toString(), auditHash: head.hash }, "audit trail anchored");
  return true;
}

type Retention = { dataDir: string; olderThanDays: number };

/**
 * Moves entries older than that many days from the table to sealed files in the data folder; the chain goes on from the
 * last of them. A file is complete and on disk before its rows go. Throws `conflict` when the chain is broken, so that no
 * damage is archived away.
 */
export async function archiveAudit(ctx: Context, { dataDir, olderThanDays }: Retention): Promise<{ entries: number; files: string[] }> {
  const last = await findLastBefore(ctx, new Date(ctx.now().getTime() - olderThanDays * DAY_MS));
  const files: string[] = [];
  let entries = 0;
  for (;;) {
    const { archived } = await getChainHead(ctx);
    if (archived.seq >= last) return { entries, files };
    const to = archived.seq + ENTRIES_PER_ARCHIVE < last ? archived.seq + ENTRIES_PER_ARCHIVE : last;
    const file = await archiveRange(ctx, { dataDir, archived, to });
    files.push(file);
    entries += Number(to - archived.seq);
  }
}

async function* checked(previous: Link, entries: AsyncIterable<ChainEntry>, end: { link: Link }): AsyncGenerator<ChainEntry> {
  end.link = previous;
  for await (const entry of entries) {
    const next = follow(end.link, entry);
    if (isProblem(next)) throw new AppError("conflict", `${next.sentence} Nothing was archived.`);
    end.link = next;
    yield entry;
  }
}

async function archiveRange(ctx: Context, { dataDir, archived, to }: { dataDir: string; archived: Link; to: bigint }): Promise<string> {
  const end = { link: archived };
  const draft = await writeArchive(dataDir, archived, checked(archived, readChain(ctx, { after: archived.seq, to }), end));
  try {
    if (end.link.seq !== to) throw new AppError("conflict", `Entry ${end.link.seq + 1n} is missing. Nothing was archived.`);
    await takeOut(ctx, { archived, last: end.link, keep: draft.keep });
    return draft.file;
  } finally {
    await draft.discard();
  }
}

type Range = { archived: Link; last: Link; keep: () => Promise<void> };

/** Advances the archive's mark, names the file and removes the rows; of two at once, one wins. */
async function takeOut(ctx: Context, { archived, last, keep }: Range): Promise<void> {
  const first = archived.seq + 1n;
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.auditChain.updateMany({
      where: { id: 1, archivedSeq: archived.seq },
      data: { archivedSeq: last.seq, archivedHash: last.hash, archivedAt: tx.now() },
    });
    if (count === 0) throw new AppError("conflict", "Somebody else archives the audit trail at this moment. Try again.");
    await keep();
    await tx.db.auditEntry.deleteMany({ where: { id: { lte: last.seq } } });
    await audit(tx, { action: "access.archiveAudit", target: { kind: "audit", id: `${first}-${last.seq}` }, summary: `Archived audit entries ${first} to ${last.seq}` });
  });
}
