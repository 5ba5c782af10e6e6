/** Operations on jobs of pg-boss, a batch in a handful of statements, inside the caller's transaction. */
import type { Context } from "../../../platform/context.ts";
import { Prisma } from "../../../platform/db.ts";
import { MOST_REDRIVES, type JobOperation, type Outcome } from "../../schema/index.ts";
import type { JobBatch } from "../adapter.ts";
import { countRedrives, readRedrives } from "../redrives.ts";
import { table, type Desk } from "./desk.ts";
import { buryByHand } from "./bury.ts";
import { remake, removeRows, reopen } from "./reopen.ts";
import { already, done, lockUnits, missing, refused, type Unit } from "./units.ts";

/** A key admits one job, and it has one. */
export const KEY_TAKEN = "A job with the same key waits or runs already, so this one was kept as it is.";
const IN_LINE = "It waits or runs already.";

type Work = { desk: Desk; ctx: Context; batch: JobBatch; units: Unit[] };
type Perform = (work: Work) => Promise<Outcome[]>;

const isFailed = (unit: Unit) => unit.record?.state === "failed";
const isInLine = ({ record }: Unit) => record !== null && (record.state === "waiting" || record.state === "delayed" || record.state === "active");

/** Runs failed jobs and letters again; a record that is still there keeps its id and history. */
const retry: Perform = async ({ desk, ctx, batch, units }) => {
  const reopened = await reopen(desk, ctx, { queue: batch.queue, ids: units.flatMap((unit) => (unit.record && isFailed(unit) ? [unit.record.id] : [])) });
  const remade = await remake(desk, ctx, { queue: batch.queue, letters: units.flatMap((unit) => (unit.letter && !unit.record ? [unit.letter.id] : [])) });
  const isBack = (unit: Unit) => (unit.record ? reopened.has(unit.record.id) : unit.letter !== null && remade.has(unit.letter.id));
  await removeRows(desk, ctx, { queue: batch.queue, ids: units.flatMap((unit) => (unit.letter && unit.record && isBack(unit) ? [unit.letter.id] : [])) });
  return units.map((unit) => {
    if (isBack(unit)) return done(unit.id);
    if (!unit.record && !unit.letter) return missing(unit.id);
    if (isInLine(unit)) return already(unit.id, IN_LINE);
    return refused(unit.id, unit.record?.state === "completed" ? "This job is done and has not failed, so it was left as it is." : KEY_TAKEN);
  });
};

/** Sends letters back, except those that came back too often. */
const redrive: Perform = async (work) => {
  const { desk, ctx, batch, units } = work;
  const most = batch.mostRedrives ?? MOST_REDRIVES;
  const counts = await readRedrives(ctx, desk.connection, units.flatMap((unit) => unit.letter?.root ?? []));
  const isWorn = (unit: Unit) => unit.letter !== null && (counts.get(unit.letter.root) ?? 0) >= most;
  const fit = units.filter((unit) => unit.letter !== null && !isWorn(unit));
  const outcomes = new Map((await retry({ ...work, units: fit })).map((outcome) => [outcome.id, outcome]));
  await countRedrives(ctx, desk.connection, fit.flatMap((unit) => (outcomes.get(unit.id)?.result === "done" && unit.letter ? [unit.letter.root] : [])));
  return units.map((unit) => {
    const outcome = outcomes.get(unit.id);
    if (outcome) return outcome;
    if (isWorn(unit)) return refused(unit.id, `It came back ${most} times and failed each time, so it was left with the dead letters.`);
    if (isInLine(unit)) return already(unit.id, IN_LINE);
    return unit.record ? refused(unit.id, "It is no dead letter.") : missing(unit.id);
  });
};

/** Deletes jobs with their letters; what runs stays. */
const discard: Perform = async ({ desk, ctx, batch, units }) => {
  const free = units.filter((unit) => unit.record?.state !== "active");
  const ids = free.flatMap((unit) => [...(unit.record ? [unit.record.id] : []), ...(unit.letter ? [unit.letter.id] : [])]);
  const removed = await removeRows(desk, ctx, { queue: batch.queue, ids });
  return units.map((unit) => {
    if (unit.record?.state === "active") return refused(unit.id, "It runs now. Wait until it ends.");
    return removed.has(unit.record?.id ?? unit.letter?.id ?? "") ? done(unit.id) : missing(unit.id);
  });
};

/** Starts delayed jobs now. */
const promote: Perform = async ({ desk, ctx, batch, units }) => {
  const ids = units.flatMap((unit) => (unit.record?.state === "delayed" ? [unit.record.id] : []));
  if (ids.length > 0) await desk.run(ctx, Prisma.sql`UPDATE ${table(desk, "job")} SET start_after = now() WHERE name = ${batch.queue} AND id = ANY(${ids}::uuid[]) AND state < 'active'`);
  return units.map((unit) => {
    if (unit.record?.state === "delayed") return done(unit.id);
    if (unit.record?.state === "waiting" || unit.record?.state === "active") return already(unit.id, IN_LINE);
    return unit.record || unit.letter ? refused(unit.id, "Only a delayed job can be started early.") : missing(unit.id);
  });
};

const changePriority: Perform = async ({ desk, ctx, batch, units }) => {
  const ids = units.flatMap((unit) => (unit.record && (unit.record.state === "waiting" || unit.record.state === "delayed") ? [unit.record.id] : []));
  // pg-boss runs the highest number first; ours runs the lowest first.
  const value = -(batch.priority ?? 0);
  const changed = ids.length === 0 ? [] : await desk.run<{ id: string }>(
    ctx,
    Prisma.sql`UPDATE ${table(desk, "job")} SET priority = ${value}::int WHERE name = ${batch.queue} AND id = ANY(${ids}::uuid[]) AND state < 'active' AND priority <> ${value}::int RETURNING id::text`,
  );
  const isChanged = new Set(changed.map((row) => row.id));
  return units.map((unit) => {
    if (!unit.record) return unit.letter ? refused(unit.id, "A dead letter has no place in line.") : missing(unit.id);
    if (isChanged.has(unit.record.id)) return done(unit.id);
    return ids.includes(unit.record.id) ? already(unit.id, "It has this priority already.") : refused(unit.id, "It no longer waits.");
  });
};

const PERFORM: Record<JobOperation, Perform> = { retry, redrive, discard, promote, changePriority, moveToDead: buryByHand };

/** One outcome for each id, in order. Rows are locked first, so of two callers one wins and the other hears so. */
export async function act(desk: Desk, ctx: Context, batch: JobBatch): Promise<Outcome[]> {
  const units = await lockUnits(desk, ctx, batch);
  return PERFORM[batch.operation]({ desk, ctx, batch, units });
}
