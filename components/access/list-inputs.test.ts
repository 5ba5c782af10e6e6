import { expect, test } from "vitest";
import { auditFilter, keysInput, LIST_LIMIT, sessionsInput, usersInput } from "./list-inputs.ts";

const search = (text: string) => new URLSearchParams(text);

test.each([
  ["", { limit: LIST_LIMIT }],
  ["q=maya", { limit: LIST_LIMIT, search: "maya" }],
  ["q=role:Admin+state:disabled+maya", { limit: LIST_LIMIT, role: "admin", state: "disabled", search: "maya" }],
  ["q=role:pirate", { limit: LIST_LIMIT }],
])("users %s", (text, input) => expect(usersInput(search(text))).toEqual(input));

test("keys and sessions are one's own unless all are asked for", () => {
  expect(keysInput(search(""))).toEqual({ limit: LIST_LIMIT, owner: "me" });
  expect(keysInput(search("owner=all&state=revoked"))).toEqual({ limit: LIST_LIMIT, owner: "all", state: "revoked" });
  expect(keysInput(search("owner=others&state=nice"))).toEqual({ limit: LIST_LIMIT, owner: "me" });
  expect(sessionsInput(search("owner=all"))).toEqual({ limit: LIST_LIMIT, owner: "all" });
});

test("the audit filter takes qualifiers, words and a custom range", () => {
  expect(auditFilter(search("q=actor:Maya+action:access.+created&from=2026-11-17T00:00:00Z&to=2026-11-18T00:00:00Z"))).toEqual({
    actor: "Maya",
    action: "access.",
    text: "created",
    from: new Date("2026-11-17T00:00:00Z"),
    to: new Date("2026-11-18T00:00:00Z"),
  });
});
