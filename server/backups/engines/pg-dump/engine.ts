/** PostgreSQL's own client, when this machine has one that is not older than the server. */
import { AppError } from "../../../platform/errors.ts";
import type { Engine } from "../engine.ts";
import { restorePlainSql } from "../plain-sql/restore.ts";
import { dumpInSnapshot, preflightDatabase } from "../postgres/dump.ts";
import type { PostgresSource } from "../source.ts";
import { findPgDump } from "./client.ts";
import { runPgDump } from "./run.ts";

const majorOf = (version: string | null) => (version === null ? null : Number.parseInt(version, 10));

export const pgDumpEngine: Engine<PostgresSource> = {
  kind: "pg-dump",
  preflight: async (source, world) => {
    const [found, client] = await Promise.all([preflightDatabase(source, world), findPgDump()]);
    const major = majorOf(found.version);
    if (!client) found.findings.push({ level: "problem", code: "client", message: "This machine has no pg_dump." });
    else if (major !== null && client.major < major) found.findings.push({ level: "problem", code: "client", message: `pg_dump ${client.version} is older than the server (${found.version}).` });
    else found.findings.push({ level: "ok", code: "client", message: `pg_dump ${client.version}.` });
    return found;
  },
  dump: async ({ source, out, settings }, world) => {
    const client = await findPgDump();
    if (!client) throw new AppError("precondition", "This machine has no pg_dump. Choose the portable engine.");
    return dumpInSnapshot({ source, settings }, world, async ({ at, snapshot, major, version }) => {
      if (client.major < major) throw new AppError("precondition", `pg_dump ${client.version} is older than the server (${version}). Choose the portable engine.`);
      await runPgDump({
        file: client.file,
        at,
        snapshotId: snapshot.id,
        tables: snapshot.tables.length,
        out,
        signal: world.signal,
        home: world.scratchDir,
        onProgress: world.onProgress,
      });
      return { pg_dump: client.version };
    });
  },
  restore: restorePlainSql,
};
