/**
 * Keyset pages: a list takes `{ cursor, limit }` and answers `{ items, nextCursor }`. A cursor is the sort key of the
 * last row, as JSON in base64url: opaque to callers, checked when it comes back. Isomorphic, so schemas may import it.
 */
import * as z from "zod";
import { AppError } from "./errors.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const MAX_CURSOR_LENGTH = 500;

/** The fields every list input has; spread them into the input's object. */
export const pageInput = {
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
};

/** The output of a list of `item`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Makes the cursor for a sort key such as `[createdAt, id]`. Dates become ISO text. */
export function encodeCursor(key: readonly unknown[]): string {
  const ascii = JSON.stringify(key).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return btoa(ascii).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads a cursor back; null when there is none. Throws `invalid` when it was not made by `encodeCursor` for this list. */
export function decodeCursor<Key>(cursor: string | undefined, schema: z.ZodType<Key>): Key | null {
  if (!cursor) return null;
  const parsed = schema.safeParse(parseCursor(cursor));
  if (!parsed.success) throw new AppError("invalid", "The cursor is not one of this list. Start again without it.");
  return parsed.data;
}

function parseCursor(cursor: string): unknown {
  try {
    return JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/"))) as unknown;
  } catch {
    return undefined;
  }
}

/** Cuts `limit + 1` fetched rows to a page; the extra row only tells that there is more. */
export function toPage<Row>(rows: Row[], limit: number, keyOf: (row: Row) => readonly unknown[]): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
