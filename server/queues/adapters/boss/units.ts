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

/** Locks the rows behind the ids of one queue. A unit without record and letter is gone. */
export async function lockUnits(desk: Desk, ctx: Context, wanted: { queue: string; ids: readonly string[] }): Promise<Unit[]> {
  const { queue } = wanted;
  const ids = wanted.ids.filter(isUuid);
  const hasLetters = desk.has("source_name");
  const root = desk.has("source_root_id") ? Prisma.sql`j.source_root_id` : Prisma.sql`NULL::uuid`;
  const lettersQueue = Prisma.sql`(SELECT dead_letter FROM ${table(desk, "queue")} WHERE name = ${queue})`;
  const letters = hasLetters
    ? Prisma.sql`
      UNION SELECT l.name, l.id FROM ${table(desk, "job")} l WHERE l.name = ${lettersQueue} AND l.source_name = ${queue} AND l.state < 'active' AND (l.id = ANY(${ids}::uuid[]) OR l.source_id = ANY(${ids}::uuid[]))
      UNION SELECT l.source_name, l.source_id FROM ${table(desk, "job")} l WHERE l.name = ${lettersQueue} AND l.source_name = ${queue} AND l.id = ANY(${ids}::uuid[])`
    : Prisma.empty;
  const rows = await desk.run<Row>(
    ctx,
    Prisma.sql`
    WITH wanted AS (SELECT ${queue}::text AS name, unnest(${ids}::uuid[]) AS id ${letters})
    SELECT j.id::text, j.name <> ${queue} AS "isLetter",
      CASE WHEN j.state IN ('active', 'completed') THEN j.state::text WHEN j.state IN ('failed', 'cancelled') THEN 'failed' WHEN j.start_after > now() THEN 'delayed' ELSE 'waiting' END AS state,
      ${hasLetters ? Prisma.sql`j.source_id::text` : Prisma.sql`NULL::text`} AS "sourceId", ${hasLetters ? Prisma.sql`coalesce(${root}, j.source_id)::text` : Prisma.sql`NULL::text`} AS root
    FROM ${table(desk, "job")} j JOIN wanted w ON w.name = j.name AND w.id = j.id
    ORDER BY j.name, j.id FOR UPDATE OF j`,
  );
  return pairUp(wanted.ids, rows);
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
