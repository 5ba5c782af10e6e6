import { findStep } from "../../platform/auth/totp.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { open } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";
import { hashTypedCode } from "../typed-code.ts";
import { secretPurpose } from "./second-factor.ts";

/** Wrong codes in a row before the next one has to wait: a minute, then twice as long each time, an hour at most. */
const FREE_FAILURES = 5;
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 3_600;

/** Whether the account has a second factor that is on. */
export async function hasSecondFactor(ctx: Context, userId: string): Promise<boolean> {
  return (await ctx.db.secondFactor.count({ where: { userId, confirmedAt: { not: null } } })) > 0;
}

/**
 * Counts one try of a code before the code is looked at, in one statement, so that tries at the same time cannot slip
 * through together. Only who knows the password comes this far. Throws `limit` after too many wrong codes.
 */
export async function countTry(ctx: Context, userId: string): Promise<void> {
  const now = ctx.now();
  const counted = await ctx.db.$executeRaw`
    UPDATE second_factor SET failures = failures + 1, last_try_at = ${now}
    WHERE user_id = ${userId} AND (failures < ${FREE_FAILURES} OR last_try_at IS NULL OR last_try_at
      + make_interval(secs => least(${FIRST_WAIT_SECONDS} * power(2, least(failures - ${FREE_FAILURES}, 20)), ${LONGEST_WAIT_SECONDS})) <= ${now})`;
  if (counted > 0) return;
  const row = await ctx.db.secondFactor.findUniqueOrThrow({ where: { userId }, select: { failures: true, lastTryAt: true } });
  const waitSeconds = Math.min(FIRST_WAIT_SECONDS * 2 ** Math.max(0, row.failures - FREE_FAILURES), LONGEST_WAIT_SECONDS);
  const passedSeconds = (now.getTime() - (row.lastTryAt?.getTime() ?? 0)) / SECOND_MS;
  throw new AppError("limit", "Too many wrong codes for this account. Wait, then try again.", { detail: { retryAfterSeconds: Math.max(1, Math.ceil(waitSeconds - passedSeconds)) } });
}

/** Uses up a code of the device or a recovery code, inside the transaction that opens the session. False when it is neither, or was used. */
export async function acceptCode(tx: Context, userId: string, typed: string): Promise<boolean> {
  const row = await tx.db.secondFactor.findUnique({ where: { userId } });
  if (!row?.confirmedAt) return false;
  const step = findStep(typed, { secret: open(row.secret, secretPurpose(userId)), at: tx.now(), after: Number(row.lastStep) });
  if (step === null && !(await spendRecoveryCode(tx, userId, typed))) return false;
  // Of two sign-ins with one code, the second finds that its step is used up.
  const isUnused = step === null ? {} : { lastStep: { lt: step } };
  const { count } = await tx.db.secondFactor.updateMany({ where: { userId, secret: row.secret, ...isUnused }, data: { failures: 0, lastStep: step ?? undefined } });
  return count > 0;
}

async function spendRecoveryCode(tx: Context, userId: string, typed: string): Promise<boolean> {
  const { count } = await tx.db.recoveryCode.updateMany({ where: { userId, hash: hashTypedCode(typed), usedAt: null }, data: { usedAt: tx.now() } });
  return count > 0;
}
