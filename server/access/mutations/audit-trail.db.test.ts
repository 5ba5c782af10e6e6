import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { auditCommand } from "../../cli/audit.ts";
import { audit } from "../../platform/audit.ts";
import { DAY_MS } from "../../platform/clock.ts";
import { config } from "../../platform/config.ts";
import { inTransaction } from "../../platform/db.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, manualClock, testContext, testDatabase } from "../../platform/testing/database.ts";
import { verifyAudit } from "../queries/index.ts";
import { anchorAudit, archiveAudit } from "./index.ts";

const database = testDatabase();
const clock = manualClock();
const ctx = () => testContext({ db: database.db, now: clock, actor: asActor("editor") });

beforeEach(() => forgetAudit(database.pool));

/** A data folder of its own. */
function folder(): string {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-audit-"));
  onTestFinished(() => fs.rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

const write = (n: number) => inTransaction(ctx(), (tx) => audit(tx, { action: "tests.write", target: { kind: "test", id: String(n) }, summary: `Wrote ${n} · ünïcödé`, before: { n, deep: { token: "x", list: [1, 2.5, "é"] } }, after: n % 2 ? undefined : { n } }));

async function fill(count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await write(n);
}

/** A statement past the triggers, as a superuser on the database host could run it. */
const tamper = (sql: string) => database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`);
const verify = (dataDir: string) => verifyAudit(ctx(), { dataDir });

describe("audit trail (T25)", () => {
  test("of 50 writers at once is one chain without gaps, and has a row exactly for what was committed", async () => {
    const dataDir = folder();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        inTransaction(ctx(), async (tx) => {
          await tx.db.setting.create({ data: { key: `tests.${n}`, value: n, updatedAt: clock(), updatedBy: "test" } });
          await audit(tx, { action: "tests.write", target: { kind: "test", id: String(n) }, summary: `Wrote ${n}` });
          if (n % 5 === 0) throw new Error("undo");
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(40);
    const rows = await database.db.auditEntry.findMany({ orderBy: { id: "asc" } });
    expect(rows.map((row) => Number(row.id))).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    const changed = await database.db.setting.findMany({ where: { key: { startsWith: "tests." } } });
    expect(new Set(rows.map((row) => `tests.${row.targetId}`))).toEqual(new Set(changed.map((row) => row.key)));
    expect(await verify(dataDir)).toMatchObject({ isIntact: true, entries: 40, firstBad: null });
  });

  test("holds with every kind of value, and is empty at first", async () => {
    expect(await verify(folder())).toMatchObject({ isIntact: true, entries: 0 });
    await fill(6);
    expect(await verify(folder())).toMatchObject({ isIntact: true, entries: 6, head: { seq: 6n } });
  });

  test.each(["UPDATE audit_entry SET summary = 'x' WHERE id = 2", "DELETE FROM audit_entry WHERE id = 2", "TRUNCATE audit_entry", "UPDATE audit_chain SET seq = 1", "UPDATE audit_chain SET archived_seq = 9", "DELETE FROM audit_chain", "TRUNCATE audit_chain", "INSERT INTO audit_chain VALUES (2, 0, '', 0, '')"])(
    "is append only: %s is refused",
    async (sql) => {
      await fill(3);
      await expect(database.pool.query(sql)).rejects.toMatchObject({ code: "42501" });
      expect(await verify(folder())).toMatchObject({ isIntact: true, entries: 3 });
    },
  );

  test.each([
    ["an edited row", "UPDATE audit_entry SET summary = 'nothing happened' WHERE id = 5", 5n],
    ["an edited value inside", `UPDATE audit_entry SET before = jsonb_set(before, '{n}', '7') WHERE id = 4`, 4n],
    ["a row deleted in the middle", "DELETE FROM audit_entry WHERE id = 3", 3n],
    ["the first row deleted", "DELETE FROM audit_entry WHERE id = 1", 1n],
    ["the tail deleted", "DELETE FROM audit_entry WHERE id > 6", 7n],
    ["two rows swapped", "UPDATE audit_entry SET id = 99 WHERE id = 4; UPDATE audit_entry SET id = 4 WHERE id = 5; UPDATE audit_entry SET id = 5 WHERE id = 99", 4n],
    ["a row put in", "INSERT INTO audit_entry (id, at, actor_kind, actor_label, action, target_kind, target_id, summary, hash) VALUES (9, now(), 'user', 'x', 'a.b', 't', '1', 'forged', repeat('a', 64)); UPDATE audit_chain SET seq = 9, hash = repeat('a', 64)", 9n],
  ])("verify names the first bad entry: %s", async (_what, sql, firstBad) => {
    await fill(8);
    await tamper(sql);
    expect(await verify(folder())).toMatchObject({ isIntact: false, firstBad, problem: expect.stringContaining(`${firstBad}`) });
  });

  test("anchors show a tail that was cut off together with the head", async () => {
    const dataDir = folder();
    await fill(8);
    expect(await anchorAudit(ctx(), { dataDir })).toBe(true);
    expect(await anchorAudit(ctx(), { dataDir })).toBe(false);
    expect(await verify(dataDir)).toMatchObject({ isIntact: true, anchors: 1 });
    await tamper("DELETE FROM audit_entry WHERE id > 6; UPDATE audit_chain SET seq = 6, hash = (SELECT hash FROM audit_entry WHERE id = 6)");
    expect(await verify(folder())).toMatchObject({ isIntact: true });
    expect(await verify(dataDir)).toMatchObject({ isIntact: false, firstBad: 7n });
  });

  test("a half-written anchor is skipped, the others count", async () => {
    const dataDir = folder();
    await fill(2);
    await anchorAudit(ctx(), { dataDir });
    await write(3);
    await anchorAudit(ctx(), { dataDir });
    const [name = ""] = fs.readdirSync(path.join(dataDir, "audit"));
    const file = path.join(dataDir, "audit", name);
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").slice(0, -20));
    expect(await verify(dataDir)).toMatchObject({ isIntact: true, anchors: 1 });
  });
});

describe("archive (G16)", () => {
  async function archived() {
    const dataDir = folder();
    await fill(5);
    clock.advance(91 * DAY_MS);
    await fill(3);
    const done = await archiveAudit(ctx(), { dataDir, olderThanDays: 90 });
    const [file = ""] = done.files;
    const rewrite = (change: (text: string) => string) => fs.writeFileSync(file, gzipSync(change(gunzipSync(fs.readFileSync(file)).toString())));
    return { dataDir, done, file, rewrite };
  }

  test("moves what is older to a sealed file, and the chain goes on", async () => {
    const { dataDir, done, file } = await archived();
    expect(done).toMatchObject({ entries: 5, files: [expect.stringContaining("audit-000000000001.jsonl.gz")] });
    expect((await database.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map((row) => Number(row.id))).toEqual([6, 7, 8, 9]);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    await write(10);
    expect(await verify(dataDir)).toMatchObject({ isIntact: true, entries: 10, archives: 1, notes: [] });
    expect(await archiveAudit(ctx(), { dataDir, olderThanDays: 90 })).toEqual({ entries: 0, files: [] });
    clock.advance(91 * DAY_MS);
    expect(await archiveAudit(ctx(), { dataDir, olderThanDays: 90 })).toMatchObject({ entries: 5 });
    expect(await verify(dataDir)).toMatchObject({ isIntact: true, entries: 11, archives: 2 });
  });

  test("that is elsewhere is a note, not a break", async () => {
    await archived();
    expect(await verify(folder())).toMatchObject({ isIntact: true, entries: 4, notes: [expect.stringContaining("1 to 5")] });
  });

  test("that was changed is found", async () => {
    const { dataDir, rewrite } = await archived();
    rewrite((text) => text.replace("Wrote 3", "Wrote 4"));
    expect(await verify(dataDir)).toMatchObject({ isIntact: false, firstBad: 3n });
  });

  test("that was cut short or whose seal is another's is found", async () => {
    const { dataDir, rewrite } = await archived();
    rewrite((text) => text.slice(0, text.lastIndexOf('{"seal"')));
    expect(await verify(dataDir)).toMatchObject({ isIntact: false, problem: expect.stringContaining("seal") });
    rewrite((text) => `${text}{"seal":"sw1:k1:${"A".repeat(80)}"}\n`);
    expect(await verify(dataDir)).toMatchObject({ isIntact: false });
  });

  test("is not made of a broken chain", async () => {
    const dataDir = folder();
    await fill(4);
    clock.advance(91 * DAY_MS);
    await tamper("UPDATE audit_entry SET summary = 'x' WHERE id = 2");
    await expect(archiveAudit(ctx(), { dataDir, olderThanDays: 90 })).rejects.toMatchObject({ code: "conflict" });
    expect(await database.db.auditEntry.count()).toBe(4);
  });

  test("of two at once, rows go once", async () => {
    const dataDir = folder();
    await fill(4);
    clock.advance(91 * DAY_MS);
    const both = await Promise.allSettled([1, 2].map(() => archiveAudit(ctx(), { dataDir, olderThanDays: 90 })));
    expect(both.some((outcome) => outcome.status === "fulfilled")).toBe(true);
    expect(await verify(dataDir)).toMatchObject({ isIntact: true, entries: 5 });
  });
});

test("the command says what it found and exits 1 for a broken trail", async () => {
  Object.assign(config(), { SEAWORTHY_DATA_DIR: folder() });
  await fill(4);
  expect(await auditCommand(ctx(), ["anchor"])).toMatchObject({ exitCode: 0 });
  expect(await auditCommand(ctx(), ["verify"])).toMatchObject({ exitCode: 0, lines: [expect.stringContaining("intact: 4 entries")] });
  await tamper("DELETE FROM audit_entry WHERE id = 2");
  expect(await auditCommand(ctx(), ["verify"])).toMatchObject({ exitCode: 1, output: { firstBad: "2" }, lines: [expect.stringContaining("BROKEN at entry 2"), expect.any(String)] });
  for (const wrong of [[], ["burn"], ["archive", "--older-than-days", "soon"]]) expect(await auditCommand(ctx(), wrong)).toMatchObject({ exitCode: 2 });
});
