import type { State } from "../data/status.tsx";

/** How the states of a service are drawn. */
export const SERVICE_STATE: Record<"up" | "degraded" | "down" | "unknown", State> = { up: "ok", degraded: "warn", down: "fail", unknown: "unknown" };
