/**
 * Every procedure against every kind of caller, by the committed table. A procedure without a row fails, and so does a
 * row whose procedure changed its access, tier or route without a look at the table.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { TRPCError } from "@trpc/server";
import { beforeAll, describe, expect, it } from "vitest";
import type { Actor, Context } from "./platform/context.ts";
import { holdsRole, ROLES, type Role } from "./platform/permissions.ts";
import { listProcedures, type ProcedureRow } from "./platform/rest/procedures.ts";
import { testContext, testDatabase } from "./platform/testing/database.ts";
import { appRouter, createCaller } from "./root.ts";

const TABLE = path.resolve(import.meta.dirname, "permissions.table.json");
const table = JSON.parse(readFileSync(TABLE, "utf8")) as Record<string, Omit<ProcedureRow, "name">>;
const procedures = listProcedures(appRouter);

type Caller = { name: string; actor: Actor; role: Role | null; scopes: "all" | "read" | "none" };

const user = (role: Role): Caller => ({
  name: role,
  actor: { kind: "user", id: `usr_${role}`, name: role, email: `${role}@example.test`, role, sessionId: "ses_1" },
  role,
  scopes: "all",
});
const key = (role: Role, scopes: string[], kind: Caller["scopes"]): Caller => ({
  name: `${role}'s key with ${scopes.join(", ") || "no scope"}`,
  actor: { kind: "apiKey", id: "key_1", name: "ci", ownerId: `usr_${role}`, role, scopes },
  role,
  scopes: kind,
});
const modules = [...new Set(procedures.map((procedure) => procedure.name.split(".")[0] ?? ""))];
const CALLERS: Caller[] = [
  { name: "anonymous", actor: { kind: "anonymous" }, role: null, scopes: "none" },
  ...ROLES.map(user),
  key("admin", ["*"], "all"),
  key("admin", modules.map((module) => `${module}:read`), "read"),
  key("admin", [], "none"),
  key("viewer", ["*"], "all"),
];

/** Facts about a person; an API key has none and is told so. */
const FOR_PEOPLE_ONLY = new Set(["access.secondFactor"]);

/** What the rules promise, derived without the code under test: role first, then scope. */
function isAllowed(caller: Caller, row: ProcedureRow): boolean {
  if (row.access === "public") return true;
  if (caller.actor.kind === "apiKey" && FOR_PEOPLE_ONLY.has(row.name)) return false;
  if (caller.role === null || !holdsRole(caller.role, row.access)) return false;
  return caller.scopes === "all" || (caller.scopes === "read" && row.type !== "mutation");
}

async function refusalOf(ctx: Context, name: string): Promise<string | null> {
  const target = name.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], createCaller(ctx)) as (input: unknown) => Promise<unknown>;
  try {
    await target({ "not an input": true });
    return null;
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    return error.code;
  }
}

describe("the permission table", () => {
  it("has one row for every procedure", () => {
    const declared = Object.fromEntries(procedures.map(({ name, ...row }) => [name, row]));
    expect(declared).toEqual(table);
  });

  it("gives every procedure a REST route of its own, but subscriptions", () => {
    const routes = procedures.filter((procedure) => procedure.type !== "subscription").map((procedure) => procedure.rest);
    expect(routes).not.toContain(null);
    expect(new Set(routes).size).toBe(routes.length);
  });
});

describe.each(CALLERS)("as $name", (caller) => {
  let ctx: Context;
  const database = testDatabase();

  beforeAll(() => {
    ctx = testContext({ db: database.db, actor: caller.actor });
  });

  it.each(procedures.filter((procedure) => procedure.type !== "subscription"))("$name", async (row) => {
    // Refusals are charged to the address, so each procedure is called from one of its own.
    const refusal = await refusalOf({ ...ctx, clientAddress: `198.18.0.${procedures.indexOf(row)}` }, row.name);
    const isRefused = refusal === "UNAUTHORIZED" || refusal === "FORBIDDEN";
    expect({ procedure: row.name, isRefused }).toEqual({ procedure: row.name, isRefused: !isAllowed(caller, row) });
    const expected = caller.actor.kind === "anonymous" ? "UNAUTHORIZED" : "FORBIDDEN";
    expect([expected, null]).toContain(isRefused ? refusal : null);
  });
});
