/** ASP.NET Core health checks: `entries` (HealthChecks.UI writer) or `results`, durations as `00:00:00.0123456`. */
import { componentList, componentVerdict, detailOf, entriesOf, verdictOfWord, type DialectReader } from "./document.ts";
import { asObject, own } from "./json.ts";

/** Milliseconds of a .NET TimeSpan below a day, or null. */
function durationMs(value: unknown): number | null {
  const match = typeof value === "string" ? /^(\d\d):(\d\d):(\d\d(?:\.\d{1,7})?)$/.exec(value) : null;
  if (!match) return null;
  return (Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3])) * 1_000;
}

export const readAspNet: DialectReader = (document) => {
  const entries = entriesOf(document, "entries") ?? entriesOf(document, "results");
  const verdict = verdictOfWord(own(document, "status"));
  if (!entries || !verdict) return null;
  const list = componentList();
  for (const [name, value] of entries) {
    const entry = asObject(value);
    if (!entry || list.isFull) continue;
    const ms = durationMs(own(entry, "duration"));
    list.add({
      name,
      verdict: componentVerdict(own(entry, "status")),
      detail: detailOf(own(entry, "exception"), own(entry, "description")),
      value: ms,
      unit: ms === null ? null : "ms",
      observedAt: null,
    });
  }
  return { dialect: "aspnet", verdict, components: list.items };
};
