/**
 * Holding a run, drill or restore: the claim, the heartbeat that keeps it, progress on the way, and what ends it early.
 * All times are the database's. Whoever raised the fence may write the result; a worker that lost it finds no row.
 */
import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";

export type Kind = "run" | "drill" | "restore";

const TABLE: Record<Kind, Prisma.Sql> = { run: Prisma.sql`backup_run`, drill: Prisma.sql`backup_drill`, restore: Prisma.sql`backup_restore` };
const BEAT_MS = SECOND_MS;

/** The work was stopped because somebody asked for it. */
export class Cancelled extends Error {
  constructor() {
    super("Cancelled.");
    this.name = "Cancelled";
  }
}

/** The work was given up by others because its worker had been silent. */
export class LostClaim extends Error {
  constructor() {
    super("Another worker marked this as dead; its result is not written.");
    this.name = "LostClaim";
  }
}

export type Lease = {
  fence: number;
  /** Aborted when the job must stop, when somebody cancels and when the claim is lost; the reason says which. */
  signal: AbortSignal;
  /** What the page shows while the work goes on; written with the next heartbeat. */
  progress: (value: object) => void;
  stop: () => Promise<void>;
};

/** Takes a queued row. Null when it is not waiting any more. */
export async function claim(ctx: Context, kind: Kind, id: string): Promise<number | null> {
  const rows = await ctx.db.$queryRaw<{ fence: number }[]>`
    UPDATE ${TABLE[kind]} SET state = 'running', started_at = now(), heartbeat_at = now(), fence = fence + 1
    WHERE id = ${id} AND state = 'queued' RETURNING fence`;
  return rows[0]?.fence ?? null;
}

type Held = { kind: Kind; id: string; planId: string; fence: number };

async function beat(ctx: Context, held: Held, progress: object | null): Promise<{ isHeld: boolean; isCancelled: boolean }> {
  const kept = progress === null ? Prisma.sql`progress` : Prisma.sql`${JSON.stringify(progress)}::jsonb`;
  const rows = await ctx.db.$queryRaw<{ cancelled: boolean }[]>`
    UPDATE ${TABLE[held.kind]} SET heartbeat_at = now(), progress = ${kept}
    WHERE id = ${held.id} AND state = 'running' AND fence = ${held.fence} RETURNING cancel_requested_at IS NOT NULL AS cancelled`;
  return { isHeld: rows.length > 0, isCancelled: rows[0]?.cancelled === true };
}

/** Keeps a claim alive until `stop`. A heartbeat that fails is tried again a second later; only a lost claim ends the work. */
export function hold(ctx: Context, held: Held): Lease {
  const controller = new AbortController();
  const outer = () => controller.abort(ctx.signal?.reason);
  ctx.signal?.addEventListener("abort", outer, { once: true });
  let latest: object | null = null;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let beating = Promise.resolve();

  const turn = async () => {
    try {
      const progress = latest;
      latest = null;
      const { isHeld, isCancelled } = await beat(ctx, held, progress);
      if (!isHeld) controller.abort(new LostClaim());
      else if (isCancelled) controller.abort(new Cancelled());
    } catch (error) {
      ctx.log.warn({ err: error, id: held.id }, "a heartbeat was not written");
    }
    if (!isStopped) plan();
  };
  const plan = () => {
    timer = setTimeout(() => {
      beating = turn();
    }, BEAT_MS);
  };
  plan();
  return {
    fence: held.fence,
    signal: controller.signal,
    progress: (value) => (latest = value),
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await beating;
      ctx.signal?.removeEventListener("abort", outer);
    },
  };
}
