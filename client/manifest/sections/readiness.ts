/** The readiness policy in the manifest: the goal, and how much each category weighs. */
import type { SeaworthyClient } from "../../index.ts";
import type { Fields } from "../document.ts";
import { mapping, number, readFields, type Shape } from "../fields.ts";
import type { Section } from "../section.ts";

type Policy = Parameters<SeaworthyClient["readiness"]["updatePolicy"]["mutate"]>[0];

const SHAPE: Shape = { goal: number(), weights: mapping() };
const KEY = "policy";

export const readiness: Section<{ revision: number }> = {
  name: "readiness",
  thing: "readiness",
  isRemovable: false,
  isNamed: (file) => file["readiness"] !== undefined,
  parse: (file, { report }) => [{ key: KEY, fields: readFields(file["readiness"], SHAPE, { path: ["readiness"], report }) }],
  fetch: async (client) => {
    const { goal, weights, revision } = await client.readiness.policy.query({});
    return [{ key: KEY, fields: { goal, weights: weights as unknown as Fields }, handle: { revision } }];
  },
  write: ([item], file) => {
    if (item) file["readiness"] = item.fields;
  },
  apply: async (client, change) => {
    if (change.action !== "update") return;
    const { goal, weights } = change.wanted as unknown as Pick<Policy, "goal" | "weights">;
    await client.readiness.updatePolicy.mutate({ goal, weights, revision: change.handle.revision });
  },
};
