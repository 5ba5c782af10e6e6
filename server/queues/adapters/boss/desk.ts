/**
 * The tables of pg-boss, by SQL: our own queue and any other pg-boss are read and operated by the same statements. A
 * desk says where they are and runs statements there.
 */
import { Prisma } from "../../../platform/db.ts";
import type { Context } from "../../../platform/context.ts";

export type Desk = {
  /** Names redrives in our database. */
  connection: string;
  /** The schema's name, as pg-boss was given it. */
  schema: string;
  /** Runs one statement: our own tables on the caller's connection, others on the system's. */
  run: <Row>(ctx: Context, sql: Prisma.Sql) => Promise<Row[]>;
  /** Dead letter queues that nobody needs to see, because all they hold is shown with the queue it came from. */
  hidden: readonly string[];
  /** Begins keys that a sender made up because a job needs one. */
  unkeyed: string | null;
  /** Columns that the job table has; older versions lack some. */
  has: (column: string) => boolean;
  /** Seconds that a job put back in line may wait. */
  keepWaitingSeconds: number;
};

/** A table of the desk's schema, quoted. */
export function table(desk: Pick<Desk, "schema">, name: "job" | "queue" | "schedule" | "version"): Prisma.Sql {
  return Prisma.raw(`"${desk.schema.replaceAll('"', '""')}"."${name}"`);
}

/** A column of `job`, or what stands for it where the version lacks it. */
export function column(desk: Desk, name: string, otherwise: string): Prisma.Sql {
  return Prisma.raw(desk.has(name) ? `j.${name}` : otherwise);
}

/** True for letters: jobs that lie in a queue which another queue names as the place of its dead letters. */
export function isLetter(desk: Desk): Prisma.Sql {
  if (!desk.has("source_name")) return Prisma.sql`false`;
  return Prisma.sql`(j.source_name IS NOT NULL AND j.name IN (SELECT dead_letter FROM ${table(desk, "queue")} WHERE dead_letter IS NOT NULL))`;
}
