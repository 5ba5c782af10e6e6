/** Is the restored copy what the manifest says? Every difference is named with both sides. */
import type pg from "pg";
import type { ComparisonReport, Difference } from "../archive/operations.ts";
import type { RestoreFacts, Selection } from "../engines/engine.ts";
import { liveSequences, surroundings, tableFacts } from "../engines/postgres/content.ts";
import { listTables } from "../engines/postgres/snapshot.ts";
import type { DatabaseContent, FilesContent, TableFacts } from "../schema/manifest.ts";

const key = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`;

type Judge = { differences: Difference[]; isAround: boolean };

/** A difference that proves loss, unless the backup was taken from files in motion. */
function differ(judge: Judge, difference: Omit<Difference, "severity">, isLoss = false): void {
  judge.differences.push({ severity: judge.isAround && !isLoss ? "note" : "wrong", ...difference });
}

function judgeTable(judge: Judge, expected: TableFacts, found: TableFacts): void {
  const what = `table ${key(expected)}`;
  if (found.rows !== expected.rows) differ(judge, { what, expected: `${expected.rows} rows`, found: `${found.rows} rows` }, found.rows === 0);
  else if (expected.hash && found.hash && (found.hash.sum !== expected.hash.sum || found.hash.rows !== expected.hash.rows)) {
    differ(judge, { what, expected: "the contents of the backup", found: "other contents" });
  }
}

async function compareTables(client: pg.Client, expected: TableFacts[], judge: Judge): Promise<bigint> {
  const live = new Map((await listTables(client)).map((table) => [key(table), table]));
  let rows = 0n;
  for (const facts of expected) {
    const table = live.get(key(facts));
    if (!table) {
      differ(judge, { what: `table ${key(facts)}`, expected: `${facts.rows} rows`, found: "no such table" }, true);
      continue;
    }
    const found = await tableFacts(client, table, facts.hash ?? { method: "full", every: 1 });
    rows += BigInt(found.rows);
    judgeTable(judge, facts, found);
  }
  return rows;
}

/** Sequences move outside of transactions, so a restored one may be ahead of the manifest, never behind. */
async function compareSequences(client: pg.Client, expected: DatabaseContent["sequences"], judge: Judge): Promise<void> {
  const live = new Map((await liveSequences(client)).map((sequence) => [key(sequence), sequence]));
  for (const sequence of expected) {
    const found = live.get(key(sequence));
    const what = `sequence ${key(sequence)}`;
    if (!found) differ(judge, { what, expected: sequence.lastValue ?? "not used yet", found: "no such sequence" }, true);
    else if (sequence.lastValue !== null) {
      const [wanted, is] = [BigInt(sequence.lastValue), found.lastValue === null ? null : BigInt(found.lastValue)];
      const isBehind = is === null || (found.isRising ? is < wanted : is > wanted);
      if (isBehind) differ(judge, { what, expected: sequence.lastValue, found: found.lastValue ?? "not used yet" });
    }
  }
}

async function compareSurroundings(client: pg.Client, expected: DatabaseContent, judge: Judge & { hasLeftOut: boolean }): Promise<void> {
  const found = await surroundings(client);
  for (const [kind, count] of Object.entries(expected.objects)) {
    const is = found.objects[kind] ?? 0;
    if (is < count) judge.differences.push({ severity: judge.hasLeftOut || judge.isAround ? "note" : "wrong", what: kind, expected: String(count), found: String(is) });
  }
  for (const extension of expected.extensions) {
    const is = found.extensions.find((other) => other.name === extension.name);
    if (!is) judge.differences.push({ severity: judge.hasLeftOut ? "note" : "wrong", what: `extension ${extension.name}`, expected: extension.version, found: "not installed" });
    else if (is.version !== extension.version) judge.differences.push({ severity: "note", what: `extension ${extension.name}`, expected: extension.version, found: is.version });
  }
  const objects = (facts: DatabaseContent["largeObjects"]) => `${facts.count} (${facts.sum})`;
  if (objects(found.largeObjects) !== objects(expected.largeObjects)) differ(judge, { what: "large objects", expected: objects(expected.largeObjects), found: objects(found.largeObjects) });
}

function report(differences: Difference[], tables: number, rows: bigint): ComparisonReport {
  return { isEqual: differences.every((difference) => difference.severity === "note"), tables, rows: String(rows), differences };
}

/** Compares a restored database, or the chosen tables of one, with the manifest. */
export async function compareDatabase(client: pg.Client, expected: DatabaseContent, restored: { selection: Selection; facts: RestoreFacts }): Promise<ComparisonReport> {
  const { selection, facts } = restored;
  const judge = { differences: [] as Difference[], isAround: expected.consistency === "around", hasLeftOut: facts.leftOut.length > 0 };
  const chosen = selection.tables ? new Set(selection.tables) : null;
  const tables = expected.tables.filter((table) => chosen === null || chosen.has(key(table)));
  const rows = await compareTables(client, tables, judge);
  if (chosen === null) {
    await compareSequences(client, expected.sequences, judge);
    await compareSurroundings(client, expected, judge);
  }
  return report(judge.differences, tables.length, rows);
}

/** Compares restored files with the manifest; of a selection only what was written can be said. */
export function compareFiles(expected: FilesContent, restored: { selection: Selection; facts: RestoreFacts }): ComparisonReport {
  const found = restored.facts.files;
  const differences: Difference[] = [];
  const words = (facts: Pick<FilesContent, "files" | "bytes" | "sum">) => `${facts.files} files, ${facts.bytes} bytes, ${facts.sum}`;
  if (!restored.selection.files && (!found || words(found) !== words(expected))) {
    differences.push({ severity: "wrong", what: "files", expected: words(expected), found: found ? words(found) : "nothing" });
  }
  return report(differences, found?.files ?? 0, BigInt(found?.bytes ?? 0));
}
