import type { SavedView as Row } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { ListViews, SavedView } from "../schema.ts";

/** Views offered of one list; a menu with more is no help. */
const MOST_OFFERED = 200;

/** Whose views a caller's are: a person's own, also through their keys. Throws `unauthorized` for nobody. */
export function ownerOf(ctx: Context): { id: string; name: string } {
  const { actor } = ctx;
  if (actor.kind === "user") return { id: actor.id, name: actor.name };
  if (actor.kind === "apiKey") return { id: actor.ownerId, name: actor.name };
  throw new AppError("unauthorized", "Sign in, or send an API key.");
}

/** A row as its reader sees it. */
export function toSavedView({ ownerId, createdAt: _createdAt, ...row }: Row, reader: { id: string }): SavedView {
  return { ...row, isOwn: ownerId === reader.id };
}

/** The caller's own views of a list and those that are shared, by name. */
export async function listViews(ctx: Context, { list }: ListViews): Promise<{ items: SavedView[] }> {
  const owner = ownerOf(ctx);
  const rows = await ctx.db.savedView.findMany({ where: { list, OR: [{ ownerId: owner.id }, { isShared: true }] }, orderBy: [{ name: "asc" }, { id: "asc" }], take: MOST_OFFERED });
  return { items: rows.map((row) => toSavedView(row, owner)) };
}
