import { randomText } from "../../platform/auth/api-key.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import type { Role } from "../../platform/permissions.ts";
import { passwordProblem } from "../schema.ts";

/** 20 characters of base 62: 119 random bits. */
const GENERATED_LENGTH = 20;
/** Number of the advisory lock under which roles and states of users change, so that two admins cannot remove each other. */
const ADMIN_LOCK = 7_302_002;

/** Makes a password to be shown once. */
export function generatePassword(): string {
  return randomText(GENERATED_LENGTH);
}

/** Throws `invalid` with the reason, also as the problem of the input field. */
export function assertGoodPassword(password: string, account: { email: string; field: string }): void {
  const problem = passwordProblem(password, account.email);
  if (problem) throw new AppError("invalid", problem, { detail: { fields: { [account.field]: problem } } });
}

type NewUser = { email: string; name: string; role: Role; passwordHash: string | null };

/** Inserts a user; no error inside the transaction when the email is taken, but `conflict` for the caller. */
export async function insertUser(tx: Context, user: NewUser): Promise<string> {
  const now = tx.now();
  const id = newId("usr", now);
  const { email, name, role, passwordHash } = user;
  const data = { id, email, name, role, passwordHash, createdAt: now, updatedAt: now };
  const { count } = await tx.db.user.createMany({ data, skipDuplicates: true });
  if (count === 0) {
    const problem = `${email} has an account already. Nothing was created.`;
    throw new AppError("conflict", problem, { detail: { fields: { email: problem } } });
  }
  return id;
}

/** Waits for its turn to change roles and states; held until the transaction ends. */
export async function lockAdmins(tx: Context): Promise<void> {
  await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(${ADMIN_LOCK})`;
}

/** Throws `precondition` when no other enabled admin would be left. Call it after `lockAdmins`. */
export async function assertAnotherAdmin(tx: Context, userId: string): Promise<void> {
  const others = await tx.db.user.count({ where: { role: "admin", disabledAt: null, id: { not: userId } } });
  if (others === 0) throw new AppError("precondition", "This is the last enabled administrator. Make someone else an administrator first.");
}

/** Ends every session of a user; returns how many. */
export async function endSessions(tx: Context, userId: string, exceptId?: string): Promise<number> {
  const { count } = await tx.db.session.updateMany({
    where: { userId, revokedAt: null, id: exceptId === undefined ? undefined : { not: exceptId } },
    data: { revokedAt: tx.now() },
  });
  return count;
}

/** Makes every one-time link of a user worthless. */
export async function revokeLinks(tx: Context, userId: string): Promise<void> {
  await tx.db.oneTimeLink.updateMany({ where: { userId, usedAt: null, revokedAt: null }, data: { revokedAt: tx.now() } });
}
