import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import { config, setNames } from "../../platform/config.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { loadPolicy } from "../../platform/limiter/policy.ts";
import { defaultWindows, type DefaultWindow } from "../../platform/limiter/windows.ts";
import { namesOf } from "../names.ts";
import type { Exceptions, Shadow, TryMax, Window, WindowList, WindowName } from "../schema.ts";
import { countRefused, type MinuteCalls } from "../shadow.ts";

/** A proposal looks back so far. */
const SHADOW_MS = DAY_MS;
/** Rows a proposal reads at most: some 70 callers who call in every minute of a day. */
const SHADOW_ROWS = 100_000;

type Rule = { window: string; max: number | null; proposedMax: number | null; updatedAt: Date; updatedBy: string };

/** The window with this name as the environment sets it. */
export function defaultWindow(name: WindowName): DefaultWindow {
  const found = defaultWindows(config()).find((window) => window.name === name);
  if (!found) throw new AppError("not_found", "There is no such window.");
  return found;
}

type Usage = { caller: string; minute: Date; calls: number };

/** What `max` would have refused in the last 24 h. Failed sign-ins are counted as they were charged. */
export async function tryMax(ctx: Context, { window: name, max }: TryMax): Promise<Shadow> {
  const { tier, audience, windowMs } = defaultWindow(name);
  const since = new Date(ctx.now().getTime() - SHADOW_MS);
  // Who made fewer calls in a whole day than the figure allows in a window cannot have been refused.
  const rows = await ctx.db.$queryRaw<Usage[]>`
    WITH day AS (
      SELECT caller, minute, (allowed + refused)::int AS calls FROM series.limit_usage
      WHERE tier = ${tier} AND minute >= ${since} AND caller <> 'others'
        AND (${audience} = 'everybody' OR (${audience} = 'signedIn') = (caller ~ '^(usr|key)_')))
    SELECT caller, minute, calls FROM day
    WHERE caller IN (SELECT caller FROM day GROUP BY caller HAVING sum(calls) > ${max})
    ORDER BY caller, minute LIMIT ${SHADOW_ROWS}`;
  const byCaller = Map.groupBy(rows, (row) => row.caller);
  const refused = [...byCaller.values()].map((calls) => countRefused(calls.map(({ minute, calls: count }): MinuteCalls => ({ minute: minute.getTime(), calls: count })), { max, windowMs }));
  const [first] = await ctx.db.$queryRaw<{ at: Date | null }[]>`SELECT min(minute) AS at FROM series.limit_usage WHERE minute >= ${since}`;
  return {
    max,
    refusedCalls: refused.reduce((sum, count) => sum + count, 0),
    refusedCallers: refused.filter((count) => count > 0).length,
    knownSince: first?.at && first.at.getTime() > since.getTime() + MINUTE_MS ? first.at : null,
  };
}

function sourceOf(rule: Rule | undefined, variable: string | null): Window["source"] {
  if (rule && rule.max !== null) return "setting";
  return variable && setNames().has(variable) ? "environment" : "default";
}

async function windowOf(ctx: Context, window: DefaultWindow, rule: Rule | undefined): Promise<Window> {
  const { name, tier, audience, windowMs, max, variable } = window;
  return {
    name,
    tier,
    audience,
    windowSeconds: Math.round(windowMs / SECOND_MS),
    max: rule?.max ?? max,
    source: sourceOf(rule, variable),
    defaultMax: max,
    variable,
    proposal: rule?.proposedMax ? await tryMax(ctx, { window: name, max: rule.proposedMax }) : null,
    updatedAt: rule?.updatedAt ?? null,
    updatedBy: rule?.updatedBy ?? null,
  };
}

/** One window with its figure in force. */
export async function getWindow(ctx: Context, name: WindowName): Promise<Window> {
  const rule = await ctx.db.limitRule.findUnique({ where: { window: name } });
  return windowOf(ctx, defaultWindow(name), rule ?? undefined);
}

/** Every window of every tier with the figure in force and what is proposed. */
export async function listWindows(ctx: Context): Promise<WindowList> {
  const [rules, { headers }] = await Promise.all([ctx.db.limitRule.findMany(), loadPolicy(ctx.db)]);
  const items: Window[] = [];
  for (const window of defaultWindows(config())) items.push(await windowOf(ctx, window, rules.find((rule) => rule.window === window.name)));
  return { items, headers };
}

/** Callers with figures of their own, and keys that are never refused. */
export async function listExceptions(ctx: Context): Promise<Exceptions> {
  const [overrides, exemptions] = await Promise.all([
    ctx.db.limitOverride.findMany({ orderBy: { createdAt: "desc" } }),
    ctx.db.limitExemption.findMany({ orderBy: { createdAt: "desc" } }),
  ]);
  const nameOf = await namesOf(ctx, [...overrides.map(({ caller }) => caller), ...exemptions.map(({ keyId }) => keyId)]);
  return {
    overrides: overrides.map((row) => ({ ...row, window: row.window as WindowName, label: nameOf(row.caller) })),
    exemptions: exemptions.map((row) => ({ ...row, label: nameOf(row.keyId) })),
  };
}
