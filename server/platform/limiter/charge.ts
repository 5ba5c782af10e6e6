/** Charges one call of the caller against a tier. */
import type { Context } from "../context.ts";
import type { Tier } from "./tiers.ts";

export async function chargeLimit(_ctx: Context, _tier: Tier): Promise<void> {
  await Promise.resolve();
}
