/** What an operation of this module needs to know of its caller. */
import type { Actor, Context } from "../platform/context.ts";
import { AppError } from "../platform/errors.ts";

/** The person behind the caller: the user, or the owner of the key. Throws `precondition` for jobs and the CLI. */
export function personOf(actor: Actor): string {
  if (actor.kind === "user") return actor.id;
  if (actor.kind === "apiKey") return actor.ownerId;
  throw new AppError("precondition", "Only a person has sessions, keys and a password of their own.");
}

/** Keys may not make more access: throws `forbidden` when the caller is one. */
export function refuseKeys(ctx: Context): void {
  if (ctx.actor.kind === "apiKey") throw new AppError("forbidden", "API keys may not manage users, passwords or keys. Sign in to do this.");
}

/** True for an admin with a session, an admin's key, and the console itself. */
export function isAdmin(actor: Actor): boolean {
  return actor.kind === "system" || ((actor.kind === "user" || actor.kind === "apiKey") && actor.role === "admin");
}

/** Whose rows a list shows: one's own, or for an admin a named person's or everybody's (null). Throws `forbidden`. */
export function ownerFilter(ctx: Context, input: { owner: "me" | "all"; ownerId?: string }): string | null {
  if (input.ownerId === undefined && input.owner === "me") return personOf(ctx.actor);
  if (!isAdmin(ctx.actor) && !(input.ownerId !== undefined && input.ownerId === personOf(ctx.actor))) {
    throw new AppError("forbidden", "Only an admin may look at what belongs to others.");
  }
  return input.ownerId ?? null;
}
