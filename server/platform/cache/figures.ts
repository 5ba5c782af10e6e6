/** The figures of the cache: hits, misses and their ratio (SRV-034). */
import { Counter, Gauge } from "prom-client";
import { instruments } from "../metrics/registry.ts";

type Figures = { hits: Counter<"cache">; misses: Counter<"cache"> };
const holder = globalThis as { seaworthyCacheFigures?: Figures };

const total = async (counter: Counter<"cache">) => (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);

function figures(): Figures {
  if (!holder.seaworthyCacheFigures) {
    const registers = [instruments().registry];
    const hits = new Counter({ name: "cache_hits_total", help: "Answers found in the cache.", labelNames: ["cache"] as const, registers });
    const misses = new Counter({ name: "cache_misses_total", help: "Answers that had to be made.", labelNames: ["cache"] as const, registers });
    const ratio: Gauge = new Gauge({
      name: "cache_hit_rate",
      help: "Share of lookups that were hits since the process started, 0 to 1.",
      aggregator: "average",
      registers,
      collect: async () => {
        const [found, made] = [await total(hits), await total(misses)];
        ratio.set(found + made === 0 ? 0 : found / (found + made));
      },
    });
    holder.seaworthyCacheFigures = { hits, misses };
  }
  return holder.seaworthyCacheFigures;
}

export function countLookup(cache: string, isHit: boolean): void {
  (isHit ? figures().hits : figures().misses).inc({ cache });
}
