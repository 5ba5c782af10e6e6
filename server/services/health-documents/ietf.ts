/** IETF draft-inadarei-api-health-check, `application/health+json`: status pass, warn or fail; checks as lists. */
import type { ComponentReading } from "../probes/reading.ts";
import { componentList, componentVerdict, detailOf, entriesOf, numberOf, timeOf, verdictOfWord, type DialectReader } from "./document.ts";
import { asObject, own, type JsonObject } from "./json.ts";

/** `name` is `component:measurement`; several items of one name are told apart by componentId. */
function readItem(name: string, item: JsonObject, count: number): ComponentReading {
  const id = own(item, "componentId");
  const value = own(item, "observedValue");
  return {
    name: count > 1 && typeof id === "string" ? `${name} ${id}` : name,
    verdict: componentVerdict(own(item, "status") ?? "pass"),
    detail: detailOf(own(item, "output"), numberOf(value) === null ? value : null),
    value: numberOf(value),
    unit: detailOf(own(item, "observedUnit"))?.slice(0, 30) ?? null,
    observedAt: timeOf(own(item, "time")),
  };
}

export const readIetf: DialectReader = (document) => {
  const checks = entriesOf(document, "checks");
  const verdict = verdictOfWord(own(document, "status"));
  if (!checks || !verdict || !checks.some(([, items]) => Array.isArray(items))) return null;
  const list = componentList();
  for (const [name, items] of checks) {
    if (!Array.isArray(items) || list.isFull) continue;
    for (const item of items) {
      const object = asObject(item);
      if (object) list.add(readItem(name, object, items.length));
      if (list.isFull) break;
    }
  }
  return { dialect: "ietf", verdict, components: list.items };
};
