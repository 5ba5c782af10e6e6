/** Reads figures out of the Prometheus registry that a process reports, as prom-client writes it to JSON. */
import * as z from "zod";

const Registry = z.array(z.object({ name: z.string(), values: z.array(z.object({ value: z.number().nullable(), labels: z.record(z.string(), z.unknown()).optional() }).loose()) }).loose());

export type ProcessFigures = { memoryBytes: number | null; eventLoopLagMs: number | null; openConnections: number | null };

const MS_PER_SECOND = 1_000;
const NOTHING: ProcessFigures = { memoryBytes: null, eventLoopLagMs: null, openConnections: null };

/** The figures that a report holds; null for those it lacks, and for a report in another form. */
export function figuresOf(report: unknown): ProcessFigures {
  const parsed = Registry.safeParse(report);
  if (!parsed.success) return NOTHING;
  const sum = (name: string): number | null => {
    const values = parsed.data.find((metric) => metric.name === name)?.values.flatMap(({ value }) => (value === null ? [] : [value])) ?? [];
    return values.length > 0 ? values.reduce((total, value) => total + value, 0) : null;
  };
  const lagSeconds = sum("nodejs_eventloop_lag_p99_seconds");
  const pool = [sum("db_connections_active"), sum("db_connections_idle")].filter((count) => count !== null);
  return {
    memoryBytes: sum("process_resident_memory_bytes"),
    eventLoopLagMs: lagSeconds === null ? null : lagSeconds * MS_PER_SECOND,
    openConnections: pool.length > 0 ? pool.reduce((total, count) => total + count, 0) : null,
  };
}
