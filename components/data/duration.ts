/**
 * Durations in the two largest units that matter. Milliseconds in; negative
 * spans count as zero, because a clock that stepped back must not print "-3 s".
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number): string => String(value).padStart(2, "0");

/** 18372000 → "5 h 06 min", 1092000 → "18 min 12 s", 640 → "640 ms", 187200000 → "2 d 4 h". */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  const span = Math.max(0, ms);
  if (span < SECOND) return `${Math.round(span)} ms`;
  if (span < MINUTE) return span < 10 * SECOND ? `${floorTo(span / SECOND, 1)} s` : `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return pair([span, MINUTE, SECOND], ["min", "s"]);
  if (span < DAY) return pair([span, HOUR, MINUTE], ["h", "min"]);
  const hours = Math.floor((span % DAY) / HOUR);
  return hours === 0 ? `${Math.floor(span / DAY)} d` : `${Math.floor(span / DAY)} d ${hours} h`;
}

/** How old something is, in whole units: "12 s", "18 min", "1 h 26 min", "3 d". */
export function formatAge(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < 12 * HOUR) {
    const minutes = Math.floor((span % HOUR) / MINUTE);
    return minutes === 0 ? `${Math.floor(span / HOUR)} h` : `${Math.floor(span / HOUR)} h ${two(minutes)} min`;
  }
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  return `${Math.floor(span / DAY)} d`;
}

/** A latency: 0.4 → "0.4 ms", 87.3 → "87 ms", 2040 → "2.04 s". */
export function formatMilliseconds(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return "–";
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 59_995 ? `${trimmed(ms / SECOND, 2)} s` : formatDuration(ms);
}

function pair([span, large, small]: [number, number, number], [first, second]: [string, string]): string {
  const rest = Math.floor((span % large) / small);
  const whole = Math.floor(span / large);
  return rest === 0 ? `${whole} ${first}` : `${whole} ${first} ${two(rest)} ${second}`;
}

function floorTo(value: number, digits: number): string {
  const factor = 10 ** digits;
  return String(Math.floor(value * factor) / factor);
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
