/** Limits in the manifest: the figures that an administrator changed. A window that the file does not list has its default. */
import type { SeaworthyClient } from "../../index.ts";
import type { Data, Fields } from "../document.ts";
import { number, readFields, text, wordOf } from "../fields.ts";
import type { Section } from "../section.ts";

type Window = Parameters<SeaworthyClient["limits"]["setWindow"]["mutate"]>[0]["window"];

const SHAPE = { window: text(), max: number() };

export const limits: Section<null> = {
  name: "limits",
  thing: "limit",
  isRemovable: true,
  isNamed: (file) => file["limits"] !== undefined,
  parse: (file, { report }) => {
    const part: Data | undefined = file["limits"];
    if (part !== undefined && !Array.isArray(part)) report(["limits"], "must be a list");
    return (Array.isArray(part) ? part : []).map((value, index) => {
      const fields = readFields(value, SHAPE, { path: ["limits", index], report });
      return { key: wordOf(fields["window"]), fields };
    });
  },
  fetch: async (client) => {
    const { items } = await client.limits.list.query({});
    return items
      .filter(({ source }) => source === "setting")
      .map(({ name, max }) => ({ key: name, fields: { window: name, max } as Fields, handle: null }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  },
  write: (items, file) => {
    if (items.length > 0) file["limits"] = items.map(({ fields }) => fields);
  },
  apply: async (client, change) => {
    const window = change.key as Window;
    await client.limits.setWindow.mutate({ window, max: change.action === "remove" ? null : Number(change.wanted["max"]) });
  },
};
