/** Tells errors that mean "the database is away" from errors of a statement, whatever layer wrapped them. */

/** Sockets; PostgreSQL classes 08 and 57P0x; Prisma's own numbers for not reachable, timed out and closed. */
const CODES = /^(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08\d{3}|57P0[1-3]|P1001|P1002|P1008|P1017)$/;
/** The driver's errors without a code. */
const WORDS = /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|connection ended unexpectedly|server closed the connection/i;
/** Deep enough for driver, adapter, client, operation and procedure. */
const MAX_DEPTH = 6;

type Loose = { code?: unknown; message?: unknown; originalCode?: unknown; cause?: unknown; meta?: { driverAdapterError?: unknown }; kind?: unknown };
const KINDS = new Set(["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout"]);

/** True when the connection to the database was lost or could not be made. */
export function isConnectionLoss(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > MAX_DEPTH) return false;
  const { code, message, originalCode, cause, meta, kind } = error as Loose;
  if ([code, originalCode].some((one) => typeof one === "string" && CODES.test(one))) return true;
  if (typeof kind === "string" && KINDS.has(kind)) return true;
  if (typeof message === "string" && WORDS.test(message)) return true;
  return isConnectionLoss(cause, depth + 1) || isConnectionLoss(meta?.driverAdapterError, depth + 1);
}
