/** How the module's states and bars are drawn. Pure. */
import type { Bar, State } from "../../server/services/schema.ts";
import { formatAge, formatDuration } from "../data/duration.ts";
import { formatClock, formatDay, formatPercent } from "../data/format.ts";
import type { State as Tone } from "../data/status.tsx";
import type { UptimeBar } from "../data/uptime-bars.tsx";

/** The tone each state is drawn in. */
export const TONES: Record<State, Tone> = { up: "ok", degraded: "warn", down: "fail", unknown: "unknown" };

/** What each state is called on screen. */
export const WORDS: Record<State, string> = { up: "OK", degraded: "Degraded", down: "Down", unknown: "Unknown" };

/** "Down 18 min"; good states need no age. `now` 0 means that the age is not known yet. */
export function stateWords(state: State, since: Date, now: number): string {
  if (state === "up" || now === 0) return WORDS[state];
  return `${WORDS[state]} ${formatAge(now - since.getTime())}`;
}

/** The worst that a stretch of time held; nothing recorded is unknown. */
export function barTone({ up, degraded, down }: Bar): Tone {
  if (down > 0) return "fail";
  if (degraded > 0) return "warn";
  return up > 0 ? "ok" : "unknown";
}

const DAY_MS = 86_400_000;

/** Bars for drawing, each with the sentence of its tooltip. */
export function uptimeBars(bars: readonly Bar[]): UptimeBar[] {
  const first = bars[0];
  const second = bars[1];
  const stepMs = first && second ? Date.parse(second.at) - Date.parse(first.at) : 0;
  return bars.map((bar) => ({ state: barTone(bar), label: `${stretch(new Date(bar.at), stepMs)}: ${barWords(bar)}` }));
}

function barWords({ up, degraded, down }: Bar): string {
  const known = up + degraded + down;
  if (known === 0) return "no data";
  const ratio = formatPercent((up + degraded) / known);
  if (down > 0) return `${ratio}, down ${formatDuration(down * 1000)}`;
  return degraded > 0 ? `${ratio}, degraded ${formatDuration(degraded * 1000)}` : ratio;
}

function stretch(at: Date, stepMs: number): string {
  const end = new Date(at.getTime() + stepMs);
  if (stepMs >= DAY_MS) return formatDay(at);
  const day = stepMs > DAY_MS / 24 ? `${formatDay(at)} ` : "";
  return `${day}${formatClock(at, false)} to ${formatClock(end, false)}`;
}

/** One sentence for a row of bars. */
export function barsLabel(name: string, bars: readonly Bar[], ratio: number | null): string {
  const failing = bars.filter((bar) => bar.down > 0).length;
  const trouble = failing === 0 ? "no outage" : `outages in ${failing} of ${bars.length} periods`;
  return `${name}: uptime ${ratio === null ? "unknown" : formatPercent(ratio)}, ${trouble}`;
}

/** Which objective a percentage meets is not defined yet: only a real loss is coloured. */
export function ratioTone(ratio: number | null): Tone {
  if (ratio === null) return "unknown";
  if (ratio < 0.99) return "fail";
  return ratio < 0.999 ? "warn" : "ok";
}
