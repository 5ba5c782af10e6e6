/** Waivers: who asked, who decided, and whether one is in force at this moment. */
import * as z from "zod";
import type { Prisma, ReadinessWaiver } from "../../../prisma/generated/client.ts";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { findService } from "../../services/queries/index.ts";
import { templateById } from "../checklist/catalogue.ts";
import { ruleById } from "../rules/registry.ts";
import type { ListWaivers, Waiver, WaiverPage } from "../schema/index.ts";

/** A waiver that ends within a week is worth a word. */
const SOON_MS = 7 * DAY_MS;

/** What makes a waiver count now. One that was seen to be over never counts again, wherever the clock goes. */
export const inForce = (now: Date): Prisma.ReadinessWaiverWhereInput => ({ state: "approved", endedAt: null, expiresAt: { gt: now } });

/** Titles of rules and of questions. */
export const titleOfRule = (rule: string): string => ruleById(rule)?.title ?? templateById(rule.replace(/^item\./, ""))?.title ?? rule;

/** Rules with a waiver in force, by service. */
export async function readWaived(ctx: Context, serviceIds: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
  const rows = await ctx.db.readinessWaiver.findMany({ where: { ...inForce(ctx.now()), serviceId: { in: [...serviceIds] } }, select: { serviceId: true, rule: true } });
  return new Map([...Map.groupBy(rows, ({ serviceId }) => serviceId)].map(([id, own]) => [id, new Set(own.map(({ rule }) => rule))]));
}

function stateOf(row: Pick<ReadinessWaiver, "state" | "endedAt" | "expiresAt">, now: Date): Waiver["state"] {
  if (row.state === "denied" || row.state === "withdrawn") return row.state;
  if (row.endedAt !== null || row.expiresAt <= now) return "expired";
  return row.state === "approved" ? "inForce" : "asked";
}

type Row = ReadinessWaiver & { service: { name: string; slug: string } };

function toWaiver({ service, decidedById: _decidedById, ...row }: Row, now: Date): Waiver {
  return { ...row, serviceName: service.name, slug: service.slug, title: titleOfRule(row.rule), state: stateOf(row, now) };
}

const WITH_SERVICE = { service: { select: { name: true, slug: true } } } as const;

/** One waiver. Throws `not_found`. */
export async function getWaiver(ctx: Context, id: string): Promise<Waiver> {
  const row = await ctx.db.readinessWaiver.findUnique({ where: { id }, include: WITH_SERVICE });
  if (!row) throw new AppError("not_found", "There is no such waiver.");
  return toWaiver(row, ctx.now());
}

function whereState(state: ListWaivers["state"], now: Date): Prisma.ReadinessWaiverWhereInput {
  switch (state) {
    case undefined:
      return {};
    case "open":
      return { state: { in: ["asked", "approved"] }, endedAt: null, expiresAt: { gt: now } };
    case "asked":
      return { state: "asked", endedAt: null, expiresAt: { gt: now } };
    case "inForce":
      return inForce(now);
    case "expired":
      return { state: { in: ["asked", "approved"] }, OR: [{ endedAt: { not: null } }, { expiresAt: { lte: now } }] };
    case "denied":
    case "withdrawn":
      return { state };
    default:
      return state satisfies never;
  }
}

/** Waivers, newest first. */
export async function listWaivers(ctx: Context, input: ListWaivers): Promise<z.infer<typeof WaiverPage>> {
  const now = ctx.now();
  const service = input.id ? await findService(ctx, input.id) : null;
  const before = decodeCursor(input.cursor, z.tuple([z.string()]));
  const rows = await ctx.db.readinessWaiver.findMany({
    where: { ...whereState(input.state, now), serviceId: service?.id, id: before ? { lt: before[0] } : undefined },
    include: WITH_SERVICE,
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  return toPage(rows.map((row) => toWaiver(row, now)), input.limit, (row) => [row.id]);
}

/** How many are in force, asked for, and about to end. */
export async function countWaivers(ctx: Context): Promise<{ inForce: number; asked: number; endSoon: number }> {
  const now = ctx.now();
  const [active, asked, endSoon] = await Promise.all([
    ctx.db.readinessWaiver.count({ where: inForce(now) }),
    ctx.db.readinessWaiver.count({ where: whereState("asked", now) }),
    ctx.db.readinessWaiver.count({ where: { ...inForce(now), expiresAt: { gt: now, lte: new Date(now.getTime() + SOON_MS) } } }),
  ]);
  return { inForce: active, asked, endSoon };
}
