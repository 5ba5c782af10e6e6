/**
 * What makes two requests the same: the caller, the procedure, the key that the caller chose, and the input. The input
 * is compared by a hash of its canonical JSON, so the order of fields and the door (tRPC or REST) do not matter.
 */
import { createHash } from "node:crypto";
import { actorId, type Context } from "../context.ts";
import { AppError } from "../errors.ts";

/** Visible ASCII, as long as a UUID several times over; quotes around it are allowed, as in a structured field. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** The key of this request without quotes; null when it sent none. Throws AppError `invalid` for one that is no key. */
export function idempotencyKeyOf(ctx: Context): string | null {
  const header = ctx.request?.idempotencyKey ?? null;
  if (header === null) return null;
  const key = header.trim().replace(/^"(.*)"$/, "$1");
  if (!KEY.test(key)) throw new AppError("invalid", "Idempotency-Key must be 1 to 255 visible ASCII characters, such as a UUID.");
  if (ctx.request?.isBatched) throw new AppError("invalid", "Send a call with an Idempotency-Key alone, not in a batch.");
  return key;
}

/** Whose keys these are: the user, the API key, or the address. Nobody else's request can meet them. */
export function ownerOf(ctx: Context): string {
  return actorId(ctx.actor) ?? `address:${ctx.clientAddress ?? "unknown"}`;
}

function canonical(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(fields.map(([name, inner]) => [name, canonical(inner)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** SHA-256 of the input, hex. */
export function hashInput(input: unknown): string {
  return createHash("sha256").update(JSON.stringify(canonical(input)) ?? "").digest("hex");
}
