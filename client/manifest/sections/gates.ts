/**
 * Coverage gates in the manifest: what the coverage of a service is held to, where somebody set it. What the file leaves
 * out has the console's default; the table of defaults is held to the server's own by a test.
 */
import type { SeaworthyClient } from "../../index.ts";
import type { Data, Fields } from "../document.ts";
import { boolean, list, mapping, number, orOff, readFields, text, withoutDefaults, wordOf, type Shape } from "../fields.ts";
import type { Section } from "../section.ts";

type Policy = Parameters<SeaworthyClient["coverage"]["setPolicy"]["mutate"]>[0];

const USUAL = { block: 70, warn: 80, target: 85 };
const BRANCHES = { block: 70, warn: 75, target: 80 };
const INTEGRATION = { block: 60, warn: 65, target: 70 };

/** The parts of a gate, with what each is when nobody says otherwise. */
export const GATE: { [Part in keyof Policy["gate"]]-?: Shape[string] } = {
  levels: mapping({ lines: USUAL, branches: BRANCHES, functions: USUAL, statements: USUAL }),
  flags: mapping({ integration: { lines: INTEGRATION, branches: INTEGRATION, functions: INTEGRATION, statements: INTEGRATION } }),
  floors: list([]),
  maxDrop: orOff(number(1)),
  patch: orOff(mapping({ block: 80, warn: 80, target: 80 })),
  failBelow: text("block"),
  isInformational: boolean(false),
};

const REST: { [Part in Exclude<keyof Policy, "service" | "revision" | "gate">]-?: Shape[string] } = {
  defaultBranch: text("main"),
  expectedFlags: list([]),
  isBadgePublic: boolean(false),
  sourceUrl: text(null),
};

const SHAPE: Shape = { service: text(), ...GATE, ...REST };
const PAGE = 100;

const pick = (fields: Fields, shape: Shape): Fields => Object.fromEntries(Object.keys(shape).map((name) => [name, fields[name] ?? null]));

export const gates: Section<{ revision: number }> = {
  name: "gates",
  thing: "coverage gate",
  isRemovable: false,
  isNamed: (file) => file["gates"] !== undefined,
  parse: (file, { report }) => {
    const part: Data | undefined = file["gates"];
    if (part !== undefined && !Array.isArray(part)) report(["gates"], "must be a list");
    const seen = new Set<string>();
    return (Array.isArray(part) ? part : []).map((value, index) => {
      const fields = readFields(value, SHAPE, { path: ["gates", index], report });
      const key = wordOf(fields["service"]);
      if (seen.has(key)) report(["gates", index, "service"], `${key} stands in the file twice`);
      seen.add(key);
      return { key, fields };
    });
  },
  fetch: async (client) => {
    type Page = Awaited<ReturnType<typeof client.coverage.policies.query>>;
    const items: Page["items"] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await client.coverage.policies.query({ limit: PAGE, ...(cursor ? { cursor } : {}) });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items.map(({ service, revision, gate, ...rest }) => ({ key: service, fields: { service, ...pick(gate as unknown as Fields, GATE), ...pick(rest as unknown as Fields, REST) }, handle: { revision } }));
  },
  write: (items, file) => {
    if (items.length > 0) file["gates"] = items.map(({ fields }) => withoutDefaults(fields, SHAPE));
  },
  apply: async (client, change) => {
    if (change.action === "remove") return;
    const wanted = { service: change.key, gate: pick(change.wanted, GATE), ...pick(change.wanted, REST) } as unknown as Omit<Policy, "revision">;
    await client.coverage.setPolicy.mutate({ ...wanted, revision: change.action === "create" ? 0 : change.handle.revision });
  },
};
