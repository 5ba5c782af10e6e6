/** Prometheus figures of the limiter's store. */
import { Counter, Gauge } from "prom-client";
import { instruments } from "../metrics/registry.ts";

type StoreFigures = { up: Gauge; faults: Counter<"reason"> };
const holder = globalThis as { seaworthyStoreFigures?: StoreFigures };

/** Whether the shared store answers, and how often it did not. */
export function storeFigures(): StoreFigures {
  const registers = [instruments().registry];
  holder.seaworthyStoreFigures ??= {
    up: new Gauge({ name: "rate_limit_store_up", help: "1 while the shared store of limits answers this process.", registers, aggregator: "min" }),
    faults: new Counter({ name: "rate_limit_store_faults_total", help: "Decisions that the shared store of limits did not make in time.", labelNames: ["reason"] as const, registers }),
  };
  return holder.seaworthyStoreFigures;
}
