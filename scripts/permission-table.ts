/** Writes server/permissions.table.json from the router. Read the difference before you commit it: it is who may do what. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { listProcedures } from "../server/platform/rest/procedures.ts";
import { appRouter } from "../server/root.ts";

const target = path.resolve(import.meta.dirname, "../server/permissions.table.json");
const table = Object.fromEntries(listProcedures(appRouter).map(({ name, ...row }) => [name, row]));
writeFileSync(target, `${JSON.stringify(table, null, 2)}\n`);
process.stdout.write(`${Object.keys(table).length} procedures written to server/permissions.table.json\n`);
process.exit(0);
