/** Services in the manifest: what a service is called, who owns it, where it lives. Its checks are in checks.ts. */
import type { SeaworthyClient } from "../../index.ts";
import type { Data, Fields } from "../document.ts";
import { list, number, readFields, text, withoutDefaults, wordOf, type Shape } from "../fields.ts";
import type { Item, Section } from "../section.ts";

const PAGE = 100;

/** Every service of the console as it was defined. */
export async function fetchDefinitions(client: SeaworthyClient) {
  type Page = Awaited<ReturnType<typeof client.services.definitions.query>>;
  const items: Page["items"] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await client.services.definitions.query({ limit: PAGE, ...(cursor ? { cursor } : {}) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

const OWN: Shape = {
  slug: text(),
  name: text(),
  description: text(""),
  domain: text(""),
  tier: number(2),
  environment: text("production"),
  owner: text(""),
  repositoryUrl: text(null),
  links: list([]),
  tags: list([]),
};

/** The fields of a service in the file; `checks` belong to their own section. */
export const SERVICE_SHAPE: Shape = { ...OWN, checks: list([]) };

/** The services of a file with their place; empty when it names none. */
export function servicesOf(file: Fields): Data[] {
  const part = file["services"];
  return Array.isArray(part) ? part : [];
}

type Wanted = { slug: string; name: string; description: string; domain: string; tier: number; environment: string; owner: string; repositoryUrl: string | null; links: { label: string; url: string }[]; tags: string[] };

const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);
const sortedTags = (fields: Fields): Fields => ({ ...fields, tags: Array.isArray(fields["tags"]) ? fields["tags"].map((tag) => wordOf(tag).toLowerCase()).toSorted() : [] });

export const services: Section<{ id: string; revision: number; isSelf: boolean }> = {
  name: "services",
  thing: "service",
  isRemovable: true,
  isNamed: (file) => file["services"] !== undefined,
  parse: (file, { report }) => {
    if (file["services"] !== undefined && !Array.isArray(file["services"])) report(["services"], "must be a list");
    const seen = new Set<string>();
    return servicesOf(file).map((value, index) => {
      const { checks: _checks, ...fields } = readFields(value, SERVICE_SHAPE, { path: ["services", index], report });
      const key = wordOf(fields["slug"]);
      if (seen.has(key)) report(["services", index, "slug"], `${key} stands in the file twice`);
      seen.add(key);
      return { key, fields: sortedTags(fields) };
    });
  },
  fetch: async (client) =>
    (await fetchDefinitions(client))
      .map(({ id, revision, isSelf, checks: _checks, ...fields }) => ({ key: fields.slug, fields: sortedTags(Object.fromEntries(Object.keys(OWN).map((name) => [name, fields[name as keyof typeof fields]]))), handle: { id, revision, isSelf } }))
      .toSorted(byKey),
  write: (items, file) => {
    file["services"] = items.map(({ fields }) => withoutDefaults(fields, OWN));
  },
  apply: async (client, change) => {
    if (change.action === "remove") {
      if (!change.handle.isSelf) await client.services.archive.mutate({ id: change.handle.id });
      return;
    }
    const wanted = change.wanted as Wanted;
    if (change.action === "create") await client.services.create.mutate(wanted);
    else await client.services.update.mutate({ id: change.handle.id, revision: change.handle.revision, ...wanted });
  },
};
