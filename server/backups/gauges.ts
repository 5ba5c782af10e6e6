/** Backups for Prometheus. Every worker measures the same facts, so merging processes takes the largest, not the sum. */
import { Gauge } from "prom-client";
import { SECOND_MS } from "../platform/clock.ts";
import { instruments } from "../platform/metrics/registry.ts";
import type { PlanRow } from "./schema.ts";
import { TROUBLES } from "./standing.ts";

type Sample = { plan: string; lastSuccess: Date | null; seconds: number | null };

function gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> {
  const { registry } = instruments();
  const known = registry.getSingleMetric(name);
  if (known) return known as Gauge<Label>;
  return new Gauge({ name, help, labelNames, registers: [registry], aggregator: "max" });
}

/** Shows every plan: last success, size, duration, age of the proven data, restore time and troubles. A fact that is missing has no sample. */
export function showPlans(rows: readonly PlanRow[], samples: readonly Sample[]): void {
  const last = gauge("backup_last_success_timestamp_seconds", "When the newest stored backup of a plan was taken.", ["plan"]);
  const size = gauge("backup_size_bytes", "Size of the newest good backup of a plan.", ["plan"]);
  const duration = gauge("backup_duration_seconds", "How long the newest stored backup of a plan took.", ["plan"]);
  const verified = gauge("backup_verified_age_seconds", "Age of the newest data that a drill restored.", ["plan"]);
  const atRisk = gauge("backup_data_at_risk_seconds", "Age of the newest good backup's data.", ["plan"]);
  const restore = gauge("backup_restore_duration_seconds", "Restore time measured by the last passed drill.", ["plan"]);
  const trouble = gauge("backup_trouble", "1 while a plan has this trouble.", ["plan", "trouble"]);
  for (const metric of [last, size, duration, verified, atRisk, restore, trouble]) metric.reset();
  const put = (metric: Gauge<"plan">, plan: string, value: number | null) => value !== null && metric.set({ plan }, value);
  for (const row of rows) {
    const { slug: plan, standing } = row;
    put(size, plan, row.lastBytes);
    put(verified, plan, standing.verifiedAgeMs === null ? null : standing.verifiedAgeMs / SECOND_MS);
    put(atRisk, plan, standing.dataAtRiskMs === null ? null : standing.dataAtRiskMs / SECOND_MS);
    put(restore, plan, row.lastRestoreSeconds);
    for (const word of TROUBLES) trouble.set({ plan, trouble: word }, standing.troubles.includes(word) ? 1 : 0);
  }
  for (const { plan, lastSuccess, seconds } of samples) {
    put(last, plan, lastSuccess === null ? null : lastSuccess.getTime() / SECOND_MS);
    put(duration, plan, seconds);
  }
}
