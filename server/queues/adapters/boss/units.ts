/**
 * A job and its dead letter are one thing to an operator: either id finds both. A unit is that thing, found and locked.
 */
import * as z from "zod";
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import type { Outcome } from "../../schema/index.ts";
import { table, type Desk } from "./desk.ts";

export type RecordState = "waiting" | "delayed" | "active" | "completed" | "failed";

export type Unit = {
  /** The id that was asked for. */
  id: string;
  record: { id: string; state: RecordState } | null;
  letter: { id: string; root: string } | null;
};

type Row = { id: string; isLetter: boolean; state: RecordState; sourceId: string | null; root: string | null };

const isUuid = (id: string) => z.uuid().safeParse(id).success;

const NO_ROWS = Promise.resolve<Row[]>([]);

/** The queue's own rows of these ids, locked. */
function lockRecords(desk: Desk, ctx: Context, { queue, ids }: { queue: string; ids: readonly string[] }): Promise<Row[]> {
  if (ids.length === 0) return NO_ROWS;
  return desk.run<Row>(
    ctx,
    Prisma.sql`
    SELECT j.id::text, false AS "isLetter", NULL AS "sourceId", NULL AS root,
      CASE WHEN j.state IN ('active', 'completed') THEN j.state::text WHEN j.state IN ('failed', 'cancelled') THEN 'failed' WHEN j.start_after > now() THEN 'delayed' ELSE 'waiting' END AS state
    FROM ${table(desk, "job")} j WHERE j.name = ${queue} AND j.id = ANY(${[...ids]}::uuid[]) ORDER BY j.id FOR UPDATE OF j`,
  );
}

/** The letters of a queue that match a condition, with the id of the job each was. */
function lettersOf(desk: Desk, queue: string, condition: Prisma.Sql): Prisma.Sql {
  const root = desk.has("source_root_id") ? Prisma.sql`l.source_root_id` : Prisma.sql`NULL::uuid`;
  return Prisma.sql`
    SELECT l.id::text, true AS "isLetter", 'waiting' AS state, l.source_id::text AS "sourceId", coalesce(${root}, l.source_id)::text AS root
    FROM ${table(desk, "job")} l
    WHERE l.name = (SELECT dead_letter FROM ${table(desk, "queue")} WHERE name = ${queue}) AND l.source_name = ${queue} AND l.state < 'active' AND ${condition}`;
}

/**
 * Locks the rows behind the ids of one queue: jobs before letters and each kind by id, so that callers who meet wait for
 * each other. A unit without record and letter is gone. Each part names its ids as an array, for which there is an index.
 */
export async function lockUnits(desk: Desk, ctx: Context, wanted: { queue: string; ids: readonly string[] }): Promise<Unit[]> {
  const { queue } = wanted;
  const ids = wanted.ids.filter(isUuid);
  const records = await lockRecords(desk, ctx, { queue, ids });
  if (!desk.has("source_name")) return pairUp(wanted.ids, records);
  const known = new Set(records.map((row) => row.id));
  const strange = ids.filter((id) => !known.has(id));
  // Ids that are no jobs of the queue may be letters; then the jobs that they were come first.
  const asked = strange.length === 0 ? [] : await desk.run<Row>(ctx, lettersOf(desk, queue, Prisma.sql`l.id = ANY(${strange}::uuid[])`));
  const origins = await lockRecords(desk, ctx, { queue, ids: asked.flatMap((row) => row.sourceId ?? []) });
  const letters = [
    ...(known.size === 0 ? [] : await desk.run<Row>(ctx, Prisma.sql`${lettersOf(desk, queue, Prisma.sql`l.source_id = ANY(${[...known]}::uuid[])`)} ORDER BY l.id FOR UPDATE OF l`)),
    ...(asked.length === 0 ? [] : await desk.run<Row>(ctx, Prisma.sql`${lettersOf(desk, queue, Prisma.sql`l.id = ANY(${asked.map((row) => row.id)}::uuid[])`)} ORDER BY l.id FOR UPDATE OF l`)),
  ];
  return pairUp(wanted.ids, [...records, ...origins, ...letters]);
}

function pairUp(ids: readonly string[], rows: Row[]): Unit[] {
  const records = new Map(rows.filter((row) => !row.isLetter).map((row) => [row.id, row]));
  const letters = new Map(rows.filter((row) => row.isLetter).flatMap((row) => [[row.id, row] as const, ...(row.sourceId ? [[row.sourceId, row] as const] : [])]));
  return ids.map((id): Unit => {
    const letter = letters.get(id);
    const record = records.get(id) ?? (letter?.sourceId ? records.get(letter.sourceId) : undefined);
    return {
      id,
      record: record ? { id: record.id, state: record.state } : null,
      letter: letter ? { id: letter.id, root: letter.root ?? letter.id } : null,
    };
  });
}

export const done = (id: string): Outcome => ({ id, result: "done", reason: null });
export const already = (id: string, reason: string): Outcome => ({ id, result: "already", reason });
export const refused = (id: string, reason: string): Outcome => ({ id, result: "refused", reason });
export const missing = (id: string): Outcome => ({ id, result: "missing", reason: "There is no such job. It may have been retried, discarded or cleaned away." });
