/** A few connections to a PostgreSQL server of the team, always to the address that the guard checked. */
import pg from "pg";
import type { ResolvedTarget } from "../../../platform/http/outbound.ts";
import { STEP_MS } from "../trail.ts";

/** The console reads and presses buttons; it must not crowd out those who work there. */
const MOST_CONNECTIONS = 3;
const IDLE_MS = 60_000;
/** A search through data may take a while; what hangs longer is given up. */
const QUERY_MS = 10_000;

/** Opens nothing yet. libpq's meaning of sslmode: `require` encrypts without checking, `verify-full` checks chain and name. */
export function openPool(url: URL, target: ResolvedTarget): pg.Pool {
  const mode = url.searchParams.get("sslmode") ?? "disable";
  const isName = target.host !== target.address;
  const user = decodeURIComponent(url.username) || "postgres";
  const pool = new pg.Pool({
    host: target.address,
    port: target.port,
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    ssl: mode === "disable" ? false : { rejectUnauthorized: mode === "verify-full", ...(isName ? { servername: target.host } : { host: target.address }) },
    max: MOST_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: STEP_MS,
    query_timeout: QUERY_MS,
    statement_timeout: QUERY_MS,
    application_name: "seaworthy-queues",
    keepAlive: true,
  });
  // A connection that is lost while idle is replaced by the next statement; without a listener it would end the process.
  pool.on("error", () => undefined);
  return pool;
}
