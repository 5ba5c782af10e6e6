/**
 * Extensions of a source against those of a server that should hold its data again. Extensions are programs of a server, so
 * a backup names them and cannot bring them: a restore ends at the first that is missing.
 */
import type pg from "pg";
import type { Finding } from "./engines/engine.ts";

/**
 * Extensions of the PostgreSQL that comes with the packages, on which drills restore. A list, because a web process may
 * run where those packages are not; its test holds it against them.
 */
export const EMBEDDED_EXTENSIONS: ReadonlySet<string> = new Set(
  `amcheck autoinc bloom bool_plperl bool_plperlu btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore
  hstore_plperl hstore_plperlu hstore_plpython3u insert_username intagg intarray isn jsonb_plperl jsonb_plperlu jsonb_plpython3u lo ltree
  ltree_plpython3u moddatetime pageinspect pg_buffercache pg_freespacemap pg_logicalinspect pg_prewarm pg_stat_statements pg_surgery pg_trgm
  pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple plperl plperlu plpgsql plpython3u pltcl pltclu postgres_fdw refint seg sslinfo tablefunc
  tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2`.split(/\s+/),
);

const AVAILABLE = "SELECT name::text FROM pg_catalog.pg_available_extensions";

/** Names of the extensions that a server could install. */
export async function availableOn(client: pg.Client): Promise<Set<string>> {
  return new Set((await client.query<{ name: string }>(AVAILABLE)).rows.map(({ name }) => name));
}

/** Those that are wanted and not there, in words; null when all are. `where` begins a sentence. */
export function missingExtensions(wanted: readonly string[], available: ReadonlySet<string>, where: string): string | null {
  const missing = wanted.filter((name) => !available.has(name));
  return missing.length === 0 ? null : `${where} lacks ${missing.length === 1 ? "the extension" : "the extensions"} ${missing.join(", ")}.`;
}

/** What the drills of a plan without a server of its own will meet: null without extensions. Missing ones do not keep backups from being taken. */
export function drillExtensions(wanted: readonly string[]): Finding | null {
  if (wanted.length === 0) return null;
  const missing = missingExtensions(wanted, EMBEDDED_EXTENSIONS, "The PostgreSQL that drills start");
  if (missing !== null) return { level: "warning", code: "extensions", message: `${missing} Drills cannot prove a restore: name a drill server that has what the source has.` };
  return { level: "ok", code: "extensions", message: `${wanted.join(", ")}: there for drills too.` };
}
