/**
 * Rules of load tests in the manifest: how the runs of a service are judged, where somebody set it. What the file leaves out
 * has the console's default; the table of defaults is held to the server's own by a test.
 */
import type { SeaworthyClient } from "../../index.ts";
import type { Data, Fields } from "../document.ts";
import { number, readFields, text, withoutDefaults, wordOf, type Shape } from "../fields.ts";
import type { Section } from "../section.ts";

type Wanted = Parameters<SeaworthyClient["loadtests"]["updateRules"]["mutate"]>[0];

/** The rules, with what each is when nobody says otherwise. */
export const LOAD_RULES: { [Name in keyof Wanted["rules"]]-?: Shape[string] } = { relative: number(0.1), absoluteMs: number(20), leastSamples: number(100), maxErrorRate: number(0.01), maxP95Ms: number(500) };

const SHAPE: Shape = { service: text(), ...LOAD_RULES };
const PAGE = 100;

const rulesOf = (fields: Fields): Fields => Object.fromEntries(Object.keys(LOAD_RULES).map((name) => [name, fields[name] ?? null]));

export const loadtests: Section<{ revision: number }> = {
  name: "loadtests",
  thing: "load-test rules of",
  isRemovable: false,
  isNamed: (file) => file["loadtests"] !== undefined,
  parse: (file, { report }) => {
    const part: Data | undefined = file["loadtests"];
    if (part !== undefined && !Array.isArray(part)) report(["loadtests"], "must be a list");
    const seen = new Set<string>();
    return (Array.isArray(part) ? part : []).map((value, index) => {
      const fields = readFields(value, SHAPE, { path: ["loadtests", index], report });
      const key = wordOf(fields["service"]);
      if (seen.has(key)) report(["loadtests", index, "service"], `${key} stands in the file twice`);
      seen.add(key);
      return { key, fields };
    });
  },
  fetch: async (client) => {
    type Page = Awaited<ReturnType<typeof client.loadtests.ruleSets.query>>;
    const items: Page["items"] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await client.loadtests.ruleSets.query({ limit: PAGE, ...(cursor ? { cursor } : {}) });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items.map(({ service, rules, revision }) => ({ key: service, fields: { service, ...rulesOf(rules) }, handle: { revision } }));
  },
  write: (items, file) => {
    if (items.length > 0) file["loadtests"] = items.map(({ fields }) => withoutDefaults(fields, SHAPE));
  },
  apply: async (client, change) => {
    if (change.action === "remove") return;
    const rules = rulesOf(change.wanted) as unknown as Wanted["rules"];
    await client.loadtests.updateRules.mutate({ service: change.key, rules, revision: change.action === "create" ? 0 : change.handle.revision });
  },
};
