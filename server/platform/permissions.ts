/**
 * Who may do what. A procedure declares a permission (`services:archive`), the least role that holds it and, by being
 * a query or a mutation, the scope an API key needs (`services:read` or `services:write`). Undeclared means refused.
 * A key acts with the lesser of its scopes and its owner's present role; a disabled owner's key is dead.
 */
import type { Actor } from "./context.ts";
import { OWES_SECOND_FACTOR } from "./auth/second-factor-rule.ts";
import { AppError } from "./errors.ts";

export const ROLES = ["viewer", "editor", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What a caller must at least be. `public` needs no sign-in. */
export type Access = Role | "public";

/** A permission names the module and the verb: `backups:run`. */
export type Permission = `${string}:${string}`;

const rank: Record<Role, number> = { viewer: 1, editor: 2, admin: 3 };

/** True when `role` holds everything that `needed` holds. */
export function holdsRole(role: Role, needed: Role): boolean {
  return rank[role] >= rank[needed];
}

/** The scope that lets an API key call a procedure of `permission`'s module. */
export function scopeOf(permission: Permission, kind: "query" | "mutation" | "subscription"): string {
  const module = permission.slice(0, permission.indexOf(":"));
  return `${module}:${kind === "mutation" ? "write" : "read"}`;
}

/** True when the key's scopes cover `scope`; `*` covers all, and write covers read. */
export function coversScope(scopes: readonly string[], scope: string): boolean {
  const write = scope.replace(/:read$/, ":write");
  return scopes.includes("*") || scopes.includes(scope) || scopes.includes(write);
}

/** `isEnrolment`: also for people who must set up a second factor before anything else. */
export type Needed = { access: Access; scope: string; isEnrolment?: boolean };

/** Throws `unauthorized` when nobody is signed in, `forbidden` when the caller's role or scope is too small or a second factor is owed. */
export function assertMay(actor: Actor, needed: Needed): void {
  if (needed.access === "public" || actor.kind === "system") return;
  if (actor.kind === "anonymous") throw new AppError("unauthorized", "Sign in, or send an API key.");
  if (actor.kind === "user" && actor.owesSecondFactor && !needed.isEnrolment) throw new AppError("forbidden", OWES_SECOND_FACTOR);
  if (!holdsRole(actor.role, needed.access)) {
    throw new AppError("forbidden", `This needs the role ${needed.access}; yours is ${actor.role}.`);
  }
  if (actor.kind === "apiKey" && !coversScope(actor.scopes, needed.scope)) {
    throw new AppError("forbidden", `This API key lacks the scope ${needed.scope}.`);
  }
}
