import { beforeEach, describe, expect, test } from "vitest";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { getSetupState } from "../queries/index.ts";
import { ensureAdmin, issueSetupToken, setUp } from "./index.ts";

const database = testDatabase();
const system = () => testContext({ db: database.db, actor: asActor("system") });
let callers = 0;
/** Each from an address of its own, so that no test meets another's limit. */
const anonymous = () => testContext({ db: database.db, actor: asActor("anonymous"), clientAddress: `192.0.2.${++callers}` });
const person = { name: "Maya Lindqvist", email: "maya@example.com", password: "a harbour at low tide" };

beforeEach(async () => {
  await database.db.user.deleteMany();
  await database.db.setting.deleteMany();
  await forgetAudit(database.pool);
});

async function token(): Promise<string> {
  const issued = await issueSetupToken(system());
  if (!issued) throw new Error("expected a token");
  return issued.token;
}

describe("setUp", () => {
  test("creates the first admin, uses the token up and audits without the password", async () => {
    expect(await getSetupState(anonymous())).toMatchObject({ isNeeded: true, facts: { databaseVersion: expect.stringMatching(/^\d+/) } });
    const user = await setUp(anonymous(), { ...person, token: await token() });
    expect(user).toMatchObject({ email: "maya@example.com", role: "admin", disabledAt: null });
    expect(await getSetupState(anonymous())).toEqual({ isNeeded: false, facts: null });
    expect(await database.db.setting.count()).toBe(0);
    expect(await database.db.auditEntry.findFirst({ where: { action: "access.setUp" } })).toMatchObject({ targetId: user.id, actorKind: "anonymous" });
    expect(await issueSetupToken(system())).toBeNull();
  });

  test("refuses a wrong token, an old token and a second use", async () => {
    const old = await token();
    const present = await token();
    for (const wrong of ["0000-0000-0000-0000", old]) {
      await expect(setUp(anonymous(), { ...person, token: wrong })).rejects.toMatchObject({ code: "invalid", detail: { fields: { token: expect.any(String) } } });
    }
    await setUp(anonymous(), { ...person, token: present });
    await expect(setUp(anonymous(), { ...person, email: "b@example.com", token: present })).rejects.toMatchObject({ code: "precondition" });
    expect(await database.db.user.count()).toBe(1);
  });

  test("says how to get a token when none was printed", async () => {
    await expect(setUp(anonymous(), { ...person, token: "x" })).rejects.toThrow(/Restart the console/);
  });

  test("stops guessing after five wrong codes", async () => {
    const given = await token();
    const guesser = anonymous();
    for (let n = 0; n < 5; n++) await expect(setUp(guesser, { ...person, token: "0000-0000-0000-0000" })).rejects.toMatchObject({ code: "invalid" });
    await expect(setUp(guesser, { ...person, token: given })).rejects.toMatchObject({ code: "limit" });
    expect(await setUp(anonymous(), { ...person, token: given })).toMatchObject({ role: "admin" });
  });

  test("refuses a weak password and keeps the token", async () => {
    const given = await token();
    await expect(setUp(anonymous(), { ...person, password: "password1234", token: given })).rejects.toMatchObject({ code: "invalid" });
    await setUp(anonymous(), { ...person, token: given });
  });

  test("of many at once one wins", async () => {
    const given = await token();
    const tries = Array.from({ length: 6 }, (_, n) => setUp(anonymous(), { ...person, email: `p${n}@example.com`, token: given }));
    const results = await Promise.allSettled(tries);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await database.db.user.count()).toBe(1);
  });
});

describe("ensureAdmin", () => {
  const input = { email: "Root@Example.com", password: "a harbour at low tide" };

  test("creates once, from any number of processes, and makes a setup token useless", async () => {
    const given = await token();
    const results = await Promise.all([ensureAdmin(system(), input), ensureAdmin(system(), input), ensureAdmin(system(), input)]);
    expect(results.filter((result) => result.created)).toHaveLength(1);
    expect(await database.db.user.findMany()).toMatchObject([{ email: "root@example.com", role: "admin" }]);
    await expect(setUp(anonymous(), { ...person, token: given })).rejects.toMatchObject({ code: "precondition" });
  });

  test("never touches what exists", async () => {
    await setUp(anonymous(), { ...person, token: await token() });
    expect(await ensureAdmin(system(), input)).toEqual({ created: false });
    expect(await database.db.user.count()).toBe(1);
  });
});
