/**
 * Every procedure is driven over its limit through the same door that HTTP uses, by a caller of its own, with limits of
 * one call. A procedure that nothing limits cannot hide: the list comes from the router.
 */
import { TRPCError } from "@trpc/server";
import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../platform/context.ts";
import { AppError } from "../platform/errors.ts";
import { chargeAttempt } from "../platform/limiter/attempts.ts";
import { refreshPolicy } from "../platform/limiter/policy.ts";
import { REFUSAL, WINDOW_NAMES } from "../platform/limiter/tiers.ts";
import { listProcedures } from "../platform/rest/procedures.ts";
import { testContext, testDatabase } from "../platform/testing/database.ts";
import { appRouter, createCaller } from "../root.ts";

const database = testDatabase();
const procedures = listProcedures(appRouter).filter(({ type }) => type !== "subscription");
const subscriptions = listProcedures(appRouter).filter(({ type }) => type === "subscription");

const asUser = (name: string): Actor => ({ kind: "user", id: `usr_${name}`, name, email: `${name}@example.com`, role: "admin", sessionId: "ses_1" });

/** Calls a procedure with something that is no input: limits are charged before inputs are read. */
async function call(name: string, actor: Actor, clientAddress: string): Promise<{ error: unknown; headers: Headers }> {
  const headers = new Headers();
  const ctx = testContext({ db: database.db, actor, clientAddress, request: { isCrossSite: false, userAgent: null, responseHeaders: headers } });
  const target = name.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], createCaller(ctx)) as (input: unknown) => Promise<unknown>;
  try {
    await target({ "not an input": true });
    return { error: null, headers };
  } catch (error) {
    return { error, headers };
  }
}

const codeOf = (error: unknown): string | null => (error instanceof TRPCError ? error.code : null);

beforeAll(async () => {
  const stamp = { updatedAt: new Date(), updatedBy: "test" };
  await database.db.limitRule.createMany({ data: WINDOW_NAMES.map((window) => ({ window, max: 1, ...stamp })) });
  await refreshPolicy(database.db);
});

let driven = 0;
let refused = 0;

describe("over its limit, every procedure answers 429 with both families of headers", () => {
  test.each(procedures.map((row, index) => ({ ...row, index })))("$name ($tier)", async ({ name, tier, access, index }) => {
    const address = `198.51.${index >> 8}.${index & 255}`;
    const actor: Actor = access === "public" ? { kind: "anonymous" } : asUser(name.replace(".", "_"));
    // What is charged to auth counts failures only, so a failure is what uses it up.
    const first = await call(name, actor, address);
    if (tier === "auth") await chargeAttempt(database.db, address, 1);
    expect(codeOf(first.error)).not.toBe("TOO_MANY_REQUESTS");

    const { error, headers } = await call(name, actor, address);
    expect(codeOf(error)).toBe("TOO_MANY_REQUESTS");
    expect((error as TRPCError).message).toBe(REFUSAL[tier]);
    expect(((error as TRPCError).cause as AppError).detail.retryAfterSeconds).toBeGreaterThan(0);
    for (const family of ["ratelimit", "x-ratelimit"]) {
      expect(headers.get(`${family}-limit`)).toBe("1");
      expect(headers.get(`${family}-remaining`)).toBe("0");
      expect(Number(headers.get(`${family}-reset`))).toBeGreaterThan(0);
    }
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    driven += 1;
  });

  test.each(procedures.filter(({ access }) => access !== "public").map((row, index) => ({ ...row, index })))("$name, for callers who may not call it", async ({ name, index }) => {
    const address = `192.0.${index >> 8}.${index & 255}`;
    expect(codeOf((await call(name, { kind: "anonymous" }, address)).error)).toBe("UNAUTHORIZED");
    const { error, headers } = await call(name, { kind: "anonymous" }, address);
    expect(codeOf(error)).toBe("TOO_MANY_REQUESTS");
    expect(headers.get("ratelimit-remaining")).toBe("0");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    refused += 1;
  });

  test("none was left out", () => {
    expect(driven).toBe(procedures.length);
    expect(procedures.length).toBeGreaterThan(50);
    process.stdout.write(`limits: ${driven} procedures driven over their limit, ${refused} also by callers who may not call them, ${subscriptions.length} subscription charged when it opens\n`);
  });

  test("another caller is not affected", async () => {
    const first = procedures.find(({ tier, access }) => tier === "read" && access !== "public");
    expect(codeOf((await call(first?.name ?? "", asUser("fresh"), "203.0.113.1")).error)).not.toBe("TOO_MANY_REQUESTS");
  });
});
