import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { holdsRole } from "../../platform/permissions.ts";
import { ownerOf, toSavedView } from "../queries/index.ts";
import type { ChangeView, SavedView, SaveView } from "../schema.ts";

/** Views one person may keep of all lists together: far above use, far below a nuisance. */
const MOST_VIEWS = 100;

const taken = (name: string) => new AppError("conflict", `You have a view called ${name} already.`, { detail: { fields: { name: "Taken" } } });

function assertMayShare(ctx: Context): void {
  const { actor } = ctx;
  const role = actor.kind === "user" || actor.kind === "apiKey" ? actor.role : "viewer";
  if (!holdsRole(role, "editor")) throw new AppError("forbidden", "Sharing a view with everybody needs the role editor. Save it for yourself.");
}

/** Saves a view. Throws `conflict` when the caller has one of that name, `forbidden` for a Viewer who shares, `precondition` for too many. */
export async function saveView(ctx: Context, input: SaveView): Promise<SavedView> {
  const owner = ownerOf(ctx);
  if (input.isShared) assertMayShare(ctx);
  return inTransaction(ctx, async (tx) => {
    if ((await tx.db.savedView.count({ where: { ownerId: owner.id } })) >= MOST_VIEWS) throw new AppError("precondition", `You have ${MOST_VIEWS} views, the most there may be. Remove one first.`);
    const now = tx.now();
    const row = { id: newId("viw", now), ...input, ownerId: owner.id, ownerName: owner.name, createdAt: now, updatedAt: now };
    const { count } = await tx.db.savedView.createMany({ data: row, skipDuplicates: true });
    if (count === 0) throw taken(input.name);
    await audit(tx, { action: "settings.saveView", target: { kind: "view", id: row.id }, summary: `Saved the view ${input.name} of ${input.list}${input.isShared ? " for everybody" : ""}`, after: input });
    await announce(tx, { topic: "settings" });
    return toSavedView(row, owner);
  });
}

/** Finds a view that the caller may change: their own, or, for an admin, one that is shared. Throws `not_found`. */
async function findOwn(tx: Context, id: string) {
  const owner = ownerOf(tx);
  const { actor } = tx;
  const isAdmin = (actor.kind === "user" || actor.kind === "apiKey") && actor.role === "admin";
  const row = await tx.db.savedView.findFirst({ where: { id, OR: [{ ownerId: owner.id }, ...(isAdmin ? [{ isShared: true }] : [])] } });
  if (!row) throw new AppError("not_found", "There is no such view of yours.");
  return row;
}

/** Changes name, content or audience of a view. Throws `not_found`, `conflict`, `forbidden`. */
export async function changeView(ctx: Context, { id, ...changes }: ChangeView): Promise<SavedView> {
  const owner = ownerOf(ctx);
  if (changes.isShared) assertMayShare(ctx);
  return inTransaction(ctx, async (tx) => {
    const before = await findOwn(tx, id);
    const { name } = changes;
    if (name !== undefined && name !== before.name && (await tx.db.savedView.count({ where: { ownerId: before.ownerId, list: before.list, name } })) > 0) throw taken(name);
    const { count } = await tx.db.savedView.updateMany({ where: { id, updatedAt: before.updatedAt }, data: { ...changes, updatedAt: tx.now() } });
    if (count === 0) throw new AppError("conflict", "Somebody else changed this view meanwhile.");
    const after = await findOwn(tx, id);
    await audit(tx, { action: "settings.changeView", target: { kind: "view", id }, summary: `Changed the view ${after.name} of ${after.list}`, before: toSavedView(before, owner), after: toSavedView(after, owner) });
    await announce(tx, { topic: "settings" });
    return toSavedView(after, owner);
  });
}

/** Removes a view. Throws `not_found`. */
export async function removeView(ctx: Context, { id }: { id: string }): Promise<{ ok: true }> {
  return inTransaction(ctx, async (tx) => {
    const view = await findOwn(tx, id);
    const { count } = await tx.db.savedView.deleteMany({ where: { id } });
    if (count === 0) throw new AppError("conflict", "Somebody else removed this view meanwhile.");
    await audit(tx, { action: "settings.removeView", target: { kind: "view", id }, summary: `Removed the view ${view.name} of ${view.list}`, before: toSavedView(view, ownerOf(tx)) });
    await announce(tx, { topic: "settings" });
    return { ok: true };
  });
}
