import { beforeEach, expect, test } from "vitest";
import { actorFromRequest } from "../platform/auth/actor.ts";
import { signIn } from "../access/mutations/index.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { adminCommand } from "./admin.ts";

const database = testDatabase();
const ctx = () => testContext({ db: database.db, actor: { kind: "system", name: "cli" } });
const run = (line: string) => adminCommand(ctx(), line.split(" "));
type Output = { outcome: string; apiKey: string | null; password: string | null };

beforeEach(async () => {
  await database.db.user.deleteMany();
});

test("creates an admin with a key that works", async () => {
  const { exitCode, output, lines } = await run("create --email Ops@Example.com --password a-harbour-at-low-tide --api-key");
  const { apiKey } = output as Output;
  expect(exitCode).toBe(0);
  expect(lines.join("\n")).toContain(apiKey);
  const headers = new Headers({ "x-api-key": apiKey ?? "" });
  expect(await actorFromRequest({ headers }, ctx())).toMatchObject({ kind: "apiKey", role: "admin", scopes: ["*"] });
  await signIn(testContext({ db: database.db, actor: asActor("anonymous") }), { email: "ops@example.com", password: "a-harbour-at-low-tide" });
});

test("changes nothing the second time, unless asked to reset", async () => {
  await run("create --email ops@example.com --password a-harbour-at-low-tide");
  const before = await database.db.user.findFirst();
  expect((await run("create --email ops@example.com --password another-tide-another-day --role viewer")).output).toMatchObject({ outcome: "unchanged" });
  expect(await database.db.user.findFirst()).toEqual(before);
  const { output } = await run("create --email ops@example.com --reset");
  expect(output).toMatchObject({ outcome: "reset", password: expect.stringMatching(/^\w{20}$/) });
  await signIn(testContext({ db: database.db, actor: asActor("anonymous") }), { email: "ops@example.com", password: (output as Output).password ?? "" });
});

test("refuses to take the last admin's role", async () => {
  await run("create --email ops@example.com");
  expect(await run("create --email ops@example.com --reset --role viewer")).toMatchObject({ exitCode: 1, lines: [expect.stringContaining("last enabled administrator")] });
});

test.each(["", "delete", "create", "create --email nonsense", "create --email a@b.example --role king", "create --email a@b.example --colour red"])("answers wrong use: %j", async (line) => {
  expect(await run(line)).toMatchObject({ exitCode: 2, lines: expect.arrayContaining([expect.stringContaining("admin create --email")]) });
});

test("refuses a weak password", async () => {
  expect(await run("create --email a@b.example --password password1234")).toMatchObject({ exitCode: 1 });
  expect(await database.db.user.count()).toBe(0);
});
