/** The files of a whole running cluster, with the log that makes them consistent; meant for the console's own. */
import path from "node:path";
import { adoptCluster } from "../../../platform/embedded/restored.ts";
import { AppError } from "../../../platform/errors.ts";
import type { DatabaseContent } from "../../schema/manifest.ts";
import type { DumpFacts, DumpSettings, Engine, EngineWorld } from "../engine.ts";
import { resolvePostgres } from "../postgres/address.ts";
import { openRaw, withClient } from "../postgres/connect.ts";
import { hashPlan, identify, surroundings, tableFacts } from "../postgres/content.ts";
import { preflightDatabase } from "../postgres/dump.ts";
import { listTables } from "../postgres/snapshot.ts";
import type { PostgresSource } from "../source.ts";
import { readBaseBackup } from "./base-backup.ts";
import { writeCluster } from "./write-cluster.ts";

/** Older servers speak another form of the command. */
const OLDEST_MAJOR = 15;

/** Counts before the copy: a restore holds them, and whatever was added until the copy ended. */
async function look(source: PostgresSource, settings: DumpSettings, world: EngineWorld) {
  const at = await resolvePostgres(source, world);
  return withClient(at, world.signal, async (client) => {
    const identity = await identify(client);
    if (identity.major < OLDEST_MAJOR) throw new AppError("precondition", `Physical backups need PostgreSQL ${OLDEST_MAJOR} or newer; this is ${identity.version}.`);
    const tables = [];
    const logged = (await listTables(client)).filter((table) => !table.isUnlogged);
    for (const table of logged) tables.push(await tableFacts(client, table, hashPlan(table, settings.hashFullUpToBytes)));
    const content: DatabaseContent = { kind: "database", consistency: "around", tables, ...(await surroundings(client)) };
    return { at, identity, content };
  });
}

async function dump(request: Parameters<Engine<PostgresSource>["dump"]>[0], world: EngineWorld): Promise<DumpFacts> {
  const { at, identity, content } = await look(request.source, request.settings, world);
  const dataAsOf = world.now();
  // The driver hands this to the server as a start-up parameter; its types do not know it.
  const client = await openRaw(at, { replication: "true" } as object);
  const stop = () => client.connection.stream.destroy();
  world.signal.addEventListener("abort", stop, { once: true });
  try {
    await readBaseBackup(client, { out: request.out, world });
    request.out.end();
    return { content, version: identity.version, fingerprint: identity.fingerprint, tools: { server: identity.version }, dataAsOf };
  } catch (error) {
    throw world.signal.aborted ? (world.signal.reason as Error) : error;
  } finally {
    world.signal.removeEventListener("abort", stop);
    await client.end().catch(() => undefined);
  }
}

export const physicalEngine: Engine<PostgresSource> = {
  kind: "physical",
  preflight: preflightDatabase,
  dump: async (request, world) => {
    try {
      return await dump(request, world);
    } catch (error) {
      request.out.destroy(error as Error);
      throw error;
    }
  },
  restore: async ({ input, target }, world) => {
    if (target.kind !== "cluster") throw new AppError("invalid", "This backup is of a whole cluster; it can be restored into a data folder only.");
    const written = await writeCluster(input, path.join(target.dataDir, "postgres"), world);
    await adoptCluster(target.dataDir);
    return { written, leftOut: [], files: null };
  },
};
