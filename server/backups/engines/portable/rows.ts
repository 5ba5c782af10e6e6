/** Rows, sequences and large objects of a snapshot, written as pg_dump writes them in plain text. */
import pg from "pg";
import type { BlockWriter } from "../../archive/blocks.ts";
import type { EngineWorld } from "../engine.ts";
import { quoted, type Snapshot, type SourceTable } from "../postgres/snapshot.ts";
import { writeTo } from "../write.ts";
import { copyOut } from "./copy-out.ts";

/** A large object travels as hex text in pieces of this size. */
const LARGE_OBJECT_PIECE_BYTES = 262_144;

type Named = { schema: string; name: string };
type Output = { out: BlockWriter; world: EngineWorld };

const plainName = (name: string) => name.replaceAll(/[\r\n]/g, " ");

/** The comment above a piece, by which a restore finds it. */
const heading = (prefix: string, type: string, { schema, name }: Named) => `--\n-- ${prefix}Name: ${plainName(name)}; Type: ${type}; Schema: ${plainName(schema)}; Owner: -\n--\n\n`;

async function writeTable(client: pg.Client, table: SourceTable, { out, world }: Output): Promise<void> {
  const columns = table.columns.map(pg.escapeIdentifier).join(", ");
  const what = `${quoted(table)}${columns === "" ? "" : ` (${columns})`}`;
  await writeTo(out, `${heading("Data for ", "TABLE DATA", table)}COPY ${what} FROM stdin;\n`, world.signal);
  await out.flushed();
  await copyOut(client, `COPY ${what} TO STDOUT`, out);
  await writeTo(out, "\\.\n\n\n", world.signal);
}

async function writeSequences(client: pg.Client, { out, world }: Output): Promise<void> {
  const { rows: sequences } = await client.query<Named>("SELECT schemaname AS schema, sequencename AS name FROM pg_catalog.pg_sequences WHERE schemaname !~ '^pg_' ORDER BY 1, 2");
  for (const sequence of sequences) {
    const { rows } = await client.query<{ value: string; isCalled: boolean }>(`SELECT last_value::text AS value, is_called AS "isCalled" FROM ${quoted(sequence)}`);
    const now = rows[0];
    if (!now) continue;
    const call = `SELECT pg_catalog.setval(${pg.escapeLiteral(quoted(sequence))}, ${now.value}, ${now.isCalled});`;
    await writeTo(out, `${heading("", "SEQUENCE SET", sequence)}${call}\n\n\n`, world.signal);
  }
}

async function writeLargeObjects(client: pg.Client, { out, world }: Output): Promise<void> {
  const { rows: objects } = await client.query<{ oid: string }>("SELECT oid::text FROM pg_catalog.pg_largeobject_metadata ORDER BY pg_largeobject_metadata.oid");
  if (objects.length === 0) return;
  await writeTo(out, heading("Data for ", "BLOBS", { schema: "-", name: "BLOBS" }), world.signal);
  for (const { oid } of objects) {
    await writeTo(out, `SELECT pg_catalog.lo_create('${oid}');\n`, world.signal);
    for (let offset = 0; ; offset += LARGE_OBJECT_PIECE_BYTES) {
      const { rows } = await client.query<{ hex: string }>("SELECT pg_catalog.encode(pg_catalog.lo_get($1::oid, $2::int8, $3::int4), 'hex') AS hex", [oid, offset, LARGE_OBJECT_PIECE_BYTES]);
      const hex = rows[0]?.hex ?? "";
      if (hex !== "") await writeTo(out, `SELECT pg_catalog.lo_put('${oid}', ${offset}, '\\x${hex}');\n`, world.signal);
      if (hex.length < LARGE_OBJECT_PIECE_BYTES * 2) break;
    }
  }
  await writeTo(out, "\n\n", world.signal);
}

/** Writes everything between the definitions that come first and those that come last. */
export async function writeData(client: pg.Client, snapshot: Snapshot, output: Output): Promise<void> {
  const { world } = output;
  for (const [index, table] of snapshot.tables.entries()) {
    world.onProgress({ bytes: 0, done: index, total: snapshot.tables.length, current: `${table.schema}.${table.name}` });
    await writeTable(client, table, output);
  }
  await writeSequences(client, output);
  await writeLargeObjects(client, output);
}
