/** Who a caller is, for people. */
import type { Context } from "../platform/context.ts";

/** The kind of a caller by its id. */
export function kindOf(caller: string): "user" | "apiKey" | "address" | "others" {
  if (caller.startsWith("usr_")) return "user";
  if (caller.startsWith("key_")) return "apiKey";
  return caller === "others" ? "others" : "address";
}

/** What a caller is called: by name when it has one, else by its id or address. */
export function labelOf(caller: string, name: string | null): string {
  return name ?? (caller === "others" ? "Others" : caller);
}

/** Names of users and keys by id; who is gone keeps the id. */
export async function namesOf(ctx: Context, callers: readonly string[]): Promise<(caller: string) => string> {
  const of = (kind: string) => [...new Set(callers.filter((caller) => kindOf(caller) === kind))];
  const [users, keys] = await Promise.all([
    ctx.db.user.findMany({ where: { id: { in: of("user") } }, select: { id: true, name: true } }),
    ctx.db.apiKey.findMany({ where: { id: { in: of("apiKey") } }, select: { id: true, name: true } }),
  ]);
  const names = new Map([...users, ...keys].map(({ id, name }) => [id, name]));
  return (caller) => labelOf(caller, names.get(caller) ?? null);
}
