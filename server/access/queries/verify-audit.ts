import type { Context } from "../../platform/context.ts";
import { AnchorCheck, CHAIN_START, follow, isProblem, type ChainEntry, type ChainProblem, type Link } from "../audit-chain.ts";
import { listArchives, readAnchors, readArchive } from "../audit-files.ts";
import { getChainHead, readChain, type ChainHead } from "./audit-chain.ts";

/** What a verification found. `notes` are things that could not be checked. */
export type AuditVerdict = {
  isIntact: boolean;
  /** Number of the first entry that is not as it was written; null when all are. */
  firstBad: bigint | null;
  problem: string | null;
  /** Entries checked, in the database and in archives. */
  entries: number;
  anchors: number;
  archives: number;
  head: Link;
  notes: string[];
};

type Walk = { last: Link; entries: number; problem: ChainProblem | null };

/** Told how many entries of this walk were checked. */
type Seen = (entries: number) => Promise<void>;
type Watch = { anchors: AnchorCheck; seen: Seen };

async function walk(from: Link, entries: AsyncIterable<ChainEntry>, { anchors, seen }: Watch): Promise<Walk> {
  let [last, count] = [from, 0];
  for await (const entry of entries) {
    const next = follow(last, entry);
    if (isProblem(next)) return { last, entries: count, problem: next };
    const problem = anchors.see(next);
    if (problem) return { last, entries: count, problem };
    [last, count] = [next, count + 1];
    await seen(count);
  }
  return { last, entries: count, problem: null };
}

type Archived = Walk & { archives: number; notes: string[] };

/** Follows the archives from the first entry on. Files that are elsewhere are a note, files that are wrong a problem. */
async function walkArchives(dataDir: string, end: Link, watch: Watch): Promise<Archived> {
  let state: Archived = { last: CHAIN_START, entries: 0, problem: null, archives: 0, notes: [] };
  for (const file of await listArchives(dataDir)) {
    if (state.last.seq >= end.seq) break;
    const before = state.entries;
    let walked: Walk;
    try {
      walked = await walk(state.last, readArchive(file), { ...watch, seen: (entries) => watch.seen(before + entries) });
    } catch (error) {
      const from = state.last.seq + 1n;
      const sentence = `Entries from ${from} on cannot be trusted: ${file}: ${error instanceof Error ? error.message : String(error)}.`;
      return { ...state, problem: { seq: from, isMissing: false, sentence } };
    }
    state = { ...state, ...walked, entries: state.entries + walked.entries, archives: state.archives + 1 };
    if (state.problem) return state.problem.isMissing ? { ...state, problem: null, notes: [`Archives after entry ${state.last.seq} are not in this data folder and were not checked.`] } : state;
  }
  if (state.last.seq < end.seq) return { ...state, notes: [`Archives of entries ${state.last.seq + 1n} to ${end.seq} are not in this data folder and were not checked.`] };
  if (state.last.seq === end.seq && state.last.hash !== end.hash) {
    return { ...state, problem: { seq: end.seq, isMissing: false, sentence: `Entry ${end.seq} in the archive has another hash than the trail remembers.` } };
  }
  return state;
}

function tailProblem(last: Link, head: Link): ChainProblem | null {
  if (last.seq < head.seq) return { seq: last.seq + 1n, isMissing: true, sentence: `Entry ${last.seq + 1n} is missing: the trail ends at ${last.seq} and should end at ${head.seq}.` };
  return last.hash === head.hash ? null : { seq: last.seq, isMissing: false, sentence: `Entry ${last.seq} has another hash than the head of the trail.` };
}

async function verifyOnce(ctx: Context, { dataDir, onEntries }: Wanted, { head, archived }: ChainHead): Promise<AuditVerdict> {
  const anchors = new AnchorCheck(await readAnchors(dataDir));
  const seen = onEntries ?? (() => Promise.resolve());
  const old = await walkArchives(dataDir, archived, { anchors, seen });
  const live = old.problem ? null : await walk(archived, readChain(ctx, { after: archived.seq, to: head.seq }), { anchors, seen: (entries) => seen(old.entries + entries) });
  const problem = old.problem ?? live?.problem ?? (live ? (tailProblem(live.last, head) ?? anchors.finish(live.last)) : null);
  return {
    isIntact: problem === null,
    firstBad: problem?.seq ?? null,
    problem: problem?.sentence ?? null,
    entries: old.entries + (live?.entries ?? 0),
    anchors: anchors.checked,
    archives: old.archives,
    head,
    notes: old.notes,
  };
}

/** `onEntries` is told after every entry how many were checked. */
type Wanted = { dataDir: string; onEntries?: Seen };

/**
 * Computes the whole chain again: archives in `dataDir`, then the table, against the head and the anchors in `dataDir`.
 * Entries that are added meanwhile are left for the next time.
 */
export async function verifyAudit(ctx: Context, wanted: Wanted): Promise<AuditVerdict> {
  const before = await getChainHead(ctx);
  const verdict = await verifyOnce(ctx, wanted, before);
  const after = await getChainHead(ctx);
  // Archiving in between moves rows from the table to a file; look again where they are now.
  return verdict.isIntact || after.archived.seq === before.archived.seq ? verdict : verifyOnce(ctx, wanted, after);
}
