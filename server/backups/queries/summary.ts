/** Backups in a few words, for the overview and for metrics. */
import { readFile } from "node:fs/promises";
import { config } from "../../platform/config.ts";
import type { Context } from "../../platform/context.ts";
import { nextRuns, readSchedule, scheduleInWords } from "../../platform/cron.ts";
import { parseKeyring } from "../../platform/crypto.ts";
import type { BackupsSummary, PlanRow } from "../schema.ts";
import { presentPlans } from "./plans.ts";

const LEVELS = ["fail", "warn", "unknown", "ok", "paused"] as const;
const PREVIEWED = 5;

const share = (row: PlanRow) => (row.standing.verifiedAgeMs ?? Number.POSITIVE_INFINITY) / row.rpoMinutes;

function worstOf(rows: readonly PlanRow[]): PlanRow | null {
  const rank = ({ standing }: PlanRow) => LEVELS.indexOf(standing.level);
  return [...rows].sort((a, b) => rank(a) - rank(b) || share(b) - share(a))[0] ?? null;
}

function sentenceOf(rows: readonly PlanRow[], worst: PlanRow | null): string {
  if (worst === null) return "Nothing is backed up yet.";
  const { level, lead, detail } = worst.standing;
  if (level === "ok") return rows.length === 1 ? lead : `All ${rows.length} plans are restorable.`;
  return `${worst.name}: ${level === "unknown" ? lead : detail || lead}`;
}

const sumRates = (rows: readonly PlanRow[], key: "success30d" | "successAll") => {
  const stored = rows.reduce((sum, row) => sum + row[key].stored, 0);
  const ended = rows.reduce((sum, row) => sum + row[key].ended, 0);
  return { stored, ended, ratio: ended === 0 ? null : stored / ended };
};

async function lastDrill(ctx: Context): Promise<BackupsSummary["lastDrill"]> {
  const drill = await ctx.db.backupDrill.findFirst({ where: { state: { in: ["passed", "failed"] }, plan: { archivedAt: null } }, include: { plan: { select: { name: true } } }, orderBy: { finishedAt: "desc" } });
  if (!drill?.finishedAt) return null;
  return { at: drill.finishedAt, isPassed: drill.state === "passed", restoreSeconds: drill.restoreSeconds, planName: drill.plan.name };
}

/** Every plan in use with how it stands. */
export async function readAllPlans(ctx: Context): Promise<PlanRow[]> {
  const plans = await ctx.db.backupPlan.findMany({ where: { archivedAt: null }, include: { stores: { include: { store: true } } }, orderBy: { name: "asc" } });
  return presentPlans(ctx, plans);
}

/** The overview's card. */
export async function readBackupsSummary(ctx: Context): Promise<BackupsSummary> {
  const [rows, drill] = await Promise.all([readAllPlans(ctx), lastDrill(ctx)]);
  const worst = worstOf(rows);
  const next = rows.filter(({ nextRunAt }) => nextRunAt !== null).sort((a, b) => (a.nextRunAt?.getTime() ?? 0) - (b.nextRunAt?.getTime() ?? 0))[0];
  return {
    plans: rows.length,
    troubled: rows.filter(({ standing }) => standing.level === "fail" || standing.level === "warn").length,
    level: worst?.standing.level ?? "unknown",
    sentence: sentenceOf(rows, worst),
    worst: worst && {
      id: worst.id, name: worst.name, slug: worst.slug, rpoMinutes: worst.rpoMinutes, rtoMinutes: worst.rtoMinutes,
      verifiedAgeMs: worst.standing.verifiedAgeMs, dataAtRiskMs: worst.standing.dataAtRiskMs, level: worst.standing.level, lead: worst.standing.lead,
    },
    nextRunAt: next?.nextRunAt ?? null,
    nextRunPlan: next?.name ?? null,
    lastDrill: drill,
    success30d: sumRates(rows, "success30d"),
    successAll: sumRates(rows, "successAll"),
    running: rows.filter(({ activeRunId }) => activeRunId !== null).length,
  };
}

/** A schedule in plain words with its next runs. Throws `invalid` with the field that is wrong. */
export function previewSchedule(ctx: Context, input: { cron: string; timeZone: string }) {
  const schedule = readSchedule({ line: input.cron, zone: input.timeZone });
  return { words: scheduleInWords(schedule.line), next: nextRuns(schedule, ctx.now(), PREVIEWED) };
}

/** Whether somebody took the recovery kit of the key that backups use now. */
export async function readKitStatus(ctx: Context) {
  const keyId = parseKeyring(await readFile(config().SEAWORTHY_KEYRING_FILE, "utf8")).current;
  const kit = await ctx.db.backupKit.findUnique({ where: { keyId } });
  return { keyId, takenAt: kit?.takenAt ?? null, takenBy: kit?.takenBy ?? null, isNeeded: kit === null };
}
