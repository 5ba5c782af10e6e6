/**
 * Backs up a database with nothing installed: definitions by the packaged pg_dump, rows by COPY, all from one snapshot.
 * The result is the same plain text that pg_dump writes, so one reader restores both, and so does psql.
 */
import type { Engine } from "../engine.ts";
import { restorePlainSql } from "../plain-sql/restore.ts";
import { withClient } from "../postgres/connect.ts";
import { dumpInSnapshot, preflightDatabase, type Reading } from "../postgres/dump.ts";
import { lockTables } from "../postgres/snapshot.ts";
import type { PostgresSource } from "../source.ts";
import { writeTo } from "../write.ts";
import { writeData } from "./rows.ts";
import { dumpSchema, PORTABLE_VERSION } from "./schema.ts";

const COMPLETE = "--\n-- PostgreSQL database dump complete\n--\n";
const FIRST_HEADING = "\n--\n-- Name: ";

/** Without the line that says the dump is complete: more follows. */
function beginning(text: string): string {
  const end = text.lastIndexOf(COMPLETE);
  return end < 0 ? text : text.slice(0, end);
}

/** Without the settings at its head, which the beginning has made already. */
function ending(text: string): string {
  const start = text.indexOf(FIRST_HEADING);
  return start < 0 ? COMPLETE : text.slice(start);
}

async function read(reading: Reading, request: Parameters<Engine["dump"]>[0], world: Parameters<Engine["dump"]>[1]): Promise<Record<string, string>> {
  const { at, snapshot } = reading;
  const { out } = request;
  const section = (name: "pre-data" | "post-data") => dumpSchema({ at, section: name, snapshotId: snapshot.id, signal: world.signal });
  // All at once: a change of the schema that comes later waits for the snapshot's locks, and whoever locks after it waits behind it.
  const [preData, postData] = [section("pre-data"), section("post-data")];
  for (const text of [preData, postData]) text.catch(() => undefined);
  await withClient(at, world.signal, async (client) => {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '${snapshot.id}'`);
    await lockTables(client, snapshot.tables);
    await writeTo(out, beginning(await preData), world.signal);
    await writeData(client, snapshot, { out, world });
  });
  await writeTo(out, ending(await postData), world.signal);
  out.end();
  return { pg_dump: PORTABLE_VERSION };
}

export const portableEngine: Engine<PostgresSource> = {
  kind: "portable",
  preflight: preflightDatabase,
  dump: async (request, world) => {
    try {
      return await dumpInSnapshot(request, world, (reading) => read(reading, request, world));
    } catch (error) {
      request.out.destroy(error as Error);
      throw error;
    }
  },
  restore: restorePlainSql,
};
