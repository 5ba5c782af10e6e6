/** A job filter as a condition on pg-boss's job table, aliased `j`. */
import { Prisma } from "../../../platform/db.ts";
import type { Comparison, JobFilter, Wanted } from "../../job-filter.ts";
import type { JobState } from "../../schema/index.ts";
import { column, isLetter, table, type Desk } from "./desk.ts";

const SIGNS: Record<Comparison["sign"], Prisma.Sql> = {
  "<": Prisma.sql`<`,
  "<=": Prisma.sql`<=`,
  "=": Prisma.sql`=`,
  ">=": Prisma.sql`>=`,
  ">": Prisma.sql`>`,
};

const escapeLike = (text: string) => text.replace(/[\\%_]/g, (char) => `\\${char}`);

function wantedIn(value: Prisma.Sql, { any, none }: Wanted): Prisma.Sql[] {
  const like = (texts: string[]) => texts.map((text) => `%${escapeLike(text)}%`);
  return [
    ...(any.length > 0 ? [Prisma.sql`lower(${value}) LIKE ANY(${like(any)}::text[])`] : []),
    ...(none.length > 0 ? [Prisma.sql`lower(coalesce(${value}, '')) NOT LIKE ALL(${like(none)}::text[])`] : []),
  ];
}

const compared = (value: Prisma.Sql, comparisons: Comparison[]) => comparisons.map(({ sign, value: bound }) => Prisma.sql`${value} ${SIGNS[sign]} ${bound}::float8`);

/** What a failed attempt left behind: of the job, or for a letter of the job that it was. */
export function outputOf(desk: Desk): Prisma.Sql {
  return desk.has("source_output") ? Prisma.sql`CASE WHEN ${isLetter(desk)} THEN coalesce(j.source_output, j.output) ELSE j.output END` : Prisma.sql`j.output`;
}

/** The last error's message, as pg-boss or the worker wrote it. */
export function errorOf(desk: Desk): Prisma.Sql {
  const output = outputOf(desk);
  return Prisma.sql`coalesce((${output})->>'message', (${output})->'value'->>'message', (${output})->>'value')`;
}

/** Jobs of pg-boss are named like their queue, so whether a name fits is known before any job is read. */
function isNameWanted(queue: string, { any, none }: Wanted): boolean {
  const name = queue.toLowerCase();
  return (any.length === 0 || any.includes(name)) && !none.includes(name);
}

/** All conditions of the filter on jobs that are or were in `queue`, true when there are none. */
export function matching(desk: Desk, queue: string, filter: JobFilter): Prisma.Sql {
  if (!isNameWanted(queue, filter.name)) return Prisma.sql`false`;
  const error = errorOf(desk);
  const conditions = [
    ...wantedIn(Prisma.sql`j.id::text`, filter.id),
    ...wantedIn(error, filter.error),
    ...compared(Prisma.sql`extract(epoch FROM now() - coalesce(${column(desk, "source_created_on", "NULL")}, j.created_on)) * 1000`, filter.age),
    ...compared(Prisma.sql`-j.priority`, filter.priority),
    ...compared(Prisma.sql`coalesce(${column(desk, "source_retry_count", "NULL")}, j.retry_count) + 1`, filter.tried),
    ...filter.data.map(({ path, value, isNot }) =>
      isNot ? Prisma.sql`j.data #>> ${path}::text[] IS DISTINCT FROM ${value}` : Prisma.sql`j.data #>> ${path}::text[] = ${value}`,
    ),
    ...filter.text.map((text) => Prisma.sql`(j.id::text LIKE ${`${escapeLike(text)}%`} OR lower(j.singleton_key) LIKE ${`%${escapeLike(text)}%`} OR lower(${error}) LIKE ${`%${escapeLike(text)}%`})`),
  ];
  return conditions.length > 0 ? Prisma.join(conditions, " AND ") : Prisma.sql`true`;
}

/** Jobs of a queue in one state; dead ones lie in another queue and name this one as their source. */
export function inState(desk: Desk, queue: string, state: JobState): Prisma.Sql {
  const here = Prisma.sql`j.name = ${queue}`;
  switch (state) {
    case "waiting":
      return Prisma.sql`${here} AND j.state < 'active' AND j.start_after <= now() AND NOT ${isLetter(desk)}`;
    case "delayed":
      return Prisma.sql`${here} AND j.state < 'active' AND j.start_after > now() AND NOT ${isLetter(desk)}`;
    case "active":
      return Prisma.sql`${here} AND j.state = 'active'`;
    // What ended has a time; saying so lets the index that is in order of it be used.
    case "failed":
      return Prisma.sql`${here} AND j.state = 'failed' AND j.completed_on IS NOT NULL`;
    case "completed":
      return Prisma.sql`${here} AND j.state = 'completed' AND j.completed_on IS NOT NULL`;
    case "dead":
      return desk.has("source_name")
        ? Prisma.sql`j.source_name = ${queue} AND j.state < 'active' AND j.name = (SELECT dead_letter FROM ${table(desk, "queue")} WHERE name = ${queue})`
        : Prisma.sql`false`;
    default:
      return state satisfies never;
  }
}
