/** `{ status, timestamp, uptime, version, checks: { name: { status, responseTime, error } } }`, as this console serves it. */
import { componentList, componentVerdict, detailOf, entriesOf, numberOf, timeOf, verdictOfWord, type DialectReader } from "./document.ts";
import { asObject, own } from "./json.ts";

export const readChecks: DialectReader = (document) => {
  const checks = entriesOf(document, "checks");
  const verdict = verdictOfWord(own(document, "status"));
  if (!checks || !verdict) return null;
  const observedAt = timeOf(own(document, "timestamp"));
  const list = componentList();
  for (const [name, value] of checks) {
    if (list.isFull) break;
    const check = asObject(value);
    const responseMs = check ? numberOf(own(check, "responseTimeMs") ?? own(check, "responseTime")) : null;
    list.add({
      name,
      // Some services write `"db": "up"` without an object.
      verdict: componentVerdict(check ? own(check, "status") : value),
      detail: check ? detailOf(own(check, "error"), own(check, "message"), own(check, "detail")) : null,
      value: responseMs,
      unit: responseMs === null ? null : "ms",
      observedAt,
    });
  }
  return { dialect: "checks", verdict, components: list.items };
};
