/**
 * Writes server/permissions.table.json and client/creates.ts from the router. Read the difference of the table before you
 * commit it: it is who may do what.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { listCreates, listProcedures } from "../server/platform/rest/procedures.ts";
import { appRouter } from "../server/root.ts";

const inRoot = (file: string) => path.resolve(import.meta.dirname, "..", file);
const rows = listProcedures(appRouter);
const table = Object.fromEntries(rows.map(({ name, ...row }) => [name, row]));
writeFileSync(inRoot("server/permissions.table.json"), `${JSON.stringify(table, null, 2)}\n`);

const creates = listCreates(appRouter).map((name) => `  "${name}",\n`);
writeFileSync(inRoot("client/creates.ts"), `/** Procedures that add a row and honour an Idempotency-Key. Written by scripts/permission-table.ts. */\nexport const CREATES = [\n${creates.join("")}] as const;\n`);
process.stdout.write(`${rows.length} procedures written to server/permissions.table.json, ${creates.length} of them creates\n`);
process.exit(0);
