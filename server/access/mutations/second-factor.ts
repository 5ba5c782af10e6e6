import { audit } from "../../platform/audit.ts";
import { findStep, makeTotpSecret, totpUri } from "../../platform/auth/totp.ts";
import type { Context } from "../../platform/context.ts";
import { open, seal } from "../../platform/crypto.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { getSettings } from "../../settings/queries/index.ts";
import { refuseKeys } from "../caller.ts";
import { getUser, needsSecondFactor } from "../queries/index.ts";
import type { BegunSecondFactor, ById, CodeInput, PasswordProof, RecoveryCodes, User } from "../schema.ts";
import { hashTypedCode, makeTypedCode } from "../typed-code.ts";
import { provePassword } from "./own-password.ts";
import { endSessions } from "./user-row.ts";

/** Binds the encrypted secret to its use and to its owner. */
export const secretPurpose = (userId: string): string => `access.secondFactor:${userId}`;
const RECOVERY_CODES = 10;
const ON_ALREADY = "The second factor is on already. Turn it off first to set up another device.";

/**
 * Makes a new secret for the caller; it counts only once `confirmSecondFactor` saw a code of it. Beginning again replaces
 * it. Throws `conflict` when a second factor is on, `invalid` for a wrong password.
 */
export async function beginSecondFactor(ctx: Context, input: PasswordProof): Promise<BegunSecondFactor> {
  const { person } = await provePassword(ctx, { password: input.password, field: "password" });
  const { values } = await getSettings(ctx);
  const key = makeTotpSecret();
  const secret = seal(key, secretPurpose(person.id));
  return inTransaction(ctx, async (tx) => {
    const fresh = { secret, createdAt: tx.now() };
    await tx.db.secondFactor.createMany({ data: { userId: person.id, ...fresh }, skipDuplicates: true });
    const { count } = await tx.db.secondFactor.updateMany({ where: { userId: person.id, confirmedAt: null }, data: fresh });
    if (count === 0) throw new AppError("conflict", ON_ALREADY);
    await audit(tx, { action: "access.beginSecondFactor", target: { kind: "user", id: person.id }, summary: "Began to set up a second factor" });
    return { key, uri: totpUri(key, { issuer: values.instanceName, account: person.email }) };
  });
}

/**
 * Turns the caller's second factor on with a first code, ends their other sessions and returns ten recovery codes, shown
 * once. Throws `precondition` when none was begun, `conflict` when it is on, `invalid` for a wrong code.
 */
export async function confirmSecondFactor(ctx: Context, input: CodeInput): Promise<RecoveryCodes> {
  refuseKeys(ctx);
  const { actor } = ctx;
  if (actor.kind !== "user") throw new AppError("precondition", "Only a person has a second factor.");
  const row = await ctx.db.secondFactor.findUnique({ where: { userId: actor.id } });
  if (!row) throw new AppError("precondition", "Begin to set up the second factor first.");
  if (row.confirmedAt) throw new AppError("conflict", ON_ALREADY);
  const step = findStep(input.code, { secret: open(row.secret, secretPurpose(actor.id)), at: ctx.now(), after: 0 });
  if (step === null) {
    const problem = "This code is not right. Check that the clock of your device is, and type the newest one.";
    throw new AppError("invalid", problem, { detail: { fields: { code: problem } } });
  }
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.secondFactor.updateMany({ where: { userId: actor.id, confirmedAt: null, secret: row.secret }, data: { confirmedAt: tx.now(), lastStep: step } });
    if (count === 0) throw new AppError("conflict", "The second factor was changed meanwhile. Begin again.");
    const recoveryCodes = await replaceRecoveryCodes(tx, actor.id);
    const ended = await endSessions(tx, actor.id, actor.sessionId);
    await audit(tx, { action: "access.confirmSecondFactor", target: { kind: "user", id: actor.id }, summary: `Turned their second factor on, ended ${ended} other sessions` });
    await announce(tx, { topic: "access", id: actor.id });
    return { recoveryCodes };
  });
}

async function replaceRecoveryCodes(tx: Context, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, makeTypedCode);
  await tx.db.recoveryCode.deleteMany({ where: { userId } });
  await tx.db.recoveryCode.createMany({ data: codes.map((code) => ({ userId, hash: hashTypedCode(code), createdAt: tx.now() })) });
  return codes;
}

/** Replaces the caller's recovery codes; the old ones stop working. Throws `precondition` when no second factor is on. */
export async function renewRecoveryCodes(ctx: Context, input: PasswordProof): Promise<RecoveryCodes> {
  const { person } = await provePassword(ctx, { password: input.password, field: "password" });
  return inTransaction(ctx, async (tx) => {
    // The lock on the row puts this in line with turning it off.
    const { count } = await tx.db.secondFactor.updateMany({ where: { userId: person.id, confirmedAt: { not: null } }, data: { failures: 0 } });
    if (count === 0) throw new AppError("precondition", "Turn the second factor on first.");
    const recoveryCodes = await replaceRecoveryCodes(tx, person.id);
    await audit(tx, { action: "access.renewRecoveryCodes", target: { kind: "user", id: person.id }, summary: "Made new recovery codes; the old ones stopped working" });
    await announce(tx, { topic: "access", id: person.id });
    return { recoveryCodes };
  });
}

/** Removes a second factor with its recovery codes. Returns false when there was none. */
export async function removeSecondFactor(tx: Context, userId: string): Promise<boolean> {
  const { count } = await tx.db.secondFactor.deleteMany({ where: { userId } });
  await tx.db.recoveryCode.deleteMany({ where: { userId } });
  return count > 0;
}

/** Turns the caller's second factor off. Throws `precondition` when it is off or must stay on, `invalid` for a wrong password. */
export async function disableSecondFactor(ctx: Context, input: PasswordProof): Promise<{ ok: true }> {
  const { person } = await provePassword(ctx, { password: input.password, field: "password" });
  if (await needsSecondFactor(ctx, person.role)) throw new AppError("precondition", "This console asks you for a second factor, so it stays on. An administrator can change that rule under Access, Security.");
  return inTransaction(ctx, async (tx) => {
    if (!(await removeSecondFactor(tx, person.id))) throw new AppError("precondition", "The second factor is off already.");
    await audit(tx, { action: "access.disableSecondFactor", target: { kind: "user", id: person.id }, summary: "Turned their second factor off" });
    await announce(tx, { topic: "access", id: person.id });
    return { ok: true };
  });
}

/**
 * For someone who lost device and recovery codes: removes a user's second factor and ends their sessions. Throws
 * `not_found`, `precondition` when there is none, `forbidden` for keys.
 */
export async function resetSecondFactor(ctx: Context, input: ById): Promise<User> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    const before = await getUser(tx, input.id);
    if (!(await removeSecondFactor(tx, input.id))) throw new AppError("precondition", `${before.name} has no second factor.`);
    const ended = await endSessions(tx, input.id);
    const user = await getUser(tx, input.id);
    await audit(tx, { action: "access.resetSecondFactor", target: { kind: "user", id: user.id }, summary: `Removed the second factor of ${user.name}, ended ${ended} sessions` });
    await announce(tx, { topic: "access", id: user.id });
    return user;
  });
}
