import type { Context } from "../context.ts";
import { senderBoss } from "./boss.ts";
import { DEAD_LETTERS } from "./policy.ts";

/** Sends one dead letter back to the queue it came from, in the caller's transaction. False when its key is taken there. */
export async function redrive(ctx: Context, letterId: string): Promise<boolean> {
  const [{ fromPrisma }, boss] = await Promise.all([import("pg-boss"), senderBoss()]);
  return (await boss.redrive(DEAD_LETTERS, { ids: [letterId], db: fromPrisma(ctx.db) })) === 1;
}
