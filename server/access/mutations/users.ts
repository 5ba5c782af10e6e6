import { audit } from "../../platform/audit.ts";
import { hashPassword } from "../../platform/auth/password-hash.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { refuseKeys } from "../caller.ts";
import { getUser } from "../queries/index.ts";
import type { ById, CreateUser, UpdateUser, User, UserWithPassword } from "../schema.ts";
import { assertAnotherAdmin, assertGoodPassword, endSessions, generatePassword, insertUser, lockAdmins, revokeLinks } from "./user-row.ts";

/** Creates a user, with the given password or a generated one that is shown once. Throws `conflict` when the email is taken. */
export async function createUser(ctx: Context, input: CreateUser): Promise<UserWithPassword> {
  refuseKeys(ctx);
  if (input.password !== undefined) assertGoodPassword(input.password, { email: input.email, field: "password" });
  const generatedPassword = input.password === undefined ? generatePassword() : null;
  const passwordHash = await hashPassword(generatedPassword ?? input.password ?? "");
  return inTransaction(ctx, async (tx) => {
    const id = await insertUser(tx, { email: input.email, name: input.name, role: input.role, passwordHash });
    const user = await getUser(tx, id);
    await audit(tx, { action: "access.createUser", target: { kind: "user", id }, summary: `Created ${user.name} as ${user.role}`, after: user });
    await announce(tx, { topic: "access", id });
    return { user, generatedPassword };
  });
}

/**
 * Changes name or role. A new role counts from the user's next request on, also for their keys.
 * Throws `not_found`, and `precondition` for the last enabled admin.
 */
export async function updateUser(ctx: Context, input: UpdateUser): Promise<User> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    await lockAdmins(tx);
    const before = await getUser(tx, input.id);
    const losesAdmin = before.role === "admin" && before.disabledAt === null && input.role !== undefined && input.role !== "admin";
    if (losesAdmin) await assertAnotherAdmin(tx, input.id);
    await tx.db.user.updateMany({ where: { id: input.id }, data: { name: input.name, role: input.role, updatedAt: tx.now() } });
    const user = await getUser(tx, input.id);
    const summary = before.role === user.role ? `Renamed ${before.name} to ${user.name}` : `Made ${user.name} ${user.role} (was ${before.role})`;
    await audit(tx, { action: "access.updateUser", target: { kind: "user", id: user.id }, summary, before, after: user });
    await announce(tx, { topic: "access", id: user.id });
    return user;
  });
}

/**
 * Shuts a user out from the next request on: sessions end for good, keys rest until the user is enabled again.
 * Throws `not_found`, `conflict` when already disabled, `precondition` for the last enabled admin.
 */
export async function disableUser(ctx: Context, input: ById): Promise<User> {
  return inTransaction(ctx, async (tx) => {
    await lockAdmins(tx);
    const before = await getUser(tx, input.id);
    if (before.role === "admin") await assertAnotherAdmin(tx, input.id);
    const { count } = await tx.db.user.updateMany({ where: { id: input.id, disabledAt: null }, data: { disabledAt: tx.now(), updatedAt: tx.now() } });
    if (count === 0) throw new AppError("conflict", `${before.name} is disabled already.`);
    await revokeLinks(tx, input.id);
    const ended = await endSessions(tx, input.id);
    const user = await getUser(tx, input.id);
    await audit(tx, { action: "access.disableUser", target: { kind: "user", id: user.id }, summary: `Disabled ${user.name}, ended ${ended} sessions`, before, after: user });
    await announce(tx, { topic: "access", id: user.id });
    return user;
  });
}

/** Lets a disabled user in again, with the old password and keys. Throws `not_found`, `conflict` when not disabled. */
export async function enableUser(ctx: Context, input: ById): Promise<User> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    await lockAdmins(tx);
    const before = await getUser(tx, input.id);
    const { count } = await tx.db.user.updateMany({ where: { id: input.id, disabledAt: { not: null } }, data: { disabledAt: null, updatedAt: tx.now() } });
    if (count === 0) throw new AppError("conflict", `${before.name} is not disabled.`);
    const user = await getUser(tx, input.id);
    await audit(tx, { action: "access.enableUser", target: { kind: "user", id: user.id }, summary: `Enabled ${user.name}`, before, after: user });
    await announce(tx, { topic: "access", id: user.id });
    return user;
  });
}
