import { audit } from "../../platform/audit.ts";
import { verifyPassword } from "../../platform/auth/password-hash.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { chargeFailure, forgiveFailure } from "../../platform/limiter/charge.ts";
import { announce } from "../../platform/live/announce.ts";
import { Email, PASSWORD_MAX_LENGTH, type Role } from "../schema.ts";
import { acceptCode, countTry, hasSecondFactor } from "./accept-code.ts";
import { openSession } from "./open-session.ts";

/** What is left is counted by address, not by account, so nobody learns which accounts exist. */
function refusal(sentence: string, remaining: number): AppError {
  const tries = remaining === 1 ? "1 try is" : `${remaining} tries are`;
  const rest = remaining === 0 ? "Sign-in from this address is blocked for now." : `${tries} left before sign-in from this address is blocked.`;
  return new AppError("unauthorized", `${sentence} ${rest}`);
}

const MISMATCH = "That email and password do not match.";
const WRONG_CODE = "That code is not right, or was used already.";
const CODE_NEEDED = "Enter the code that your authenticator app shows now, or a recovery code.";

/** `code` is the second factor, for accounts that have one. */
type Credentials = { email: string; password: string; code?: string };
type Account = { id: string; email: string; name: string; role: Role; passwordHash: string | null };

/**
 * Checks a password, and a code where the account has a second factor, and opens a session. The attempt is counted before
 * anything is looked at. Throws `unauthorized`, `precondition` when the password is right and a code is needed, `limit`,
 * `unavailable`, `conflict` when the account changed between the check and the session.
 */
export async function signIn(ctx: Context, input: Credentials): Promise<{ sessionId: string }> {
  const email = Email.safeParse(input.email).data ?? null;
  const on = email === null ? {} : { account: email };
  const { remaining } = await chargeFailure(ctx, on);
  const user = email === null ? null : await ctx.db.user.findUnique({ where: { email } });
  const mayMatch = user !== null && user.disabledAt === null && input.password.length <= PASSWORD_MAX_LENGTH;
  const isRight = await verifyPassword(input.password.slice(0, PASSWORD_MAX_LENGTH), mayMatch ? user.passwordHash : null);
  if (!mayMatch || !isRight) {
    await noteFailure(ctx, user?.id ?? "unknown", `Failed sign-in as ${email ?? "something that is no email"}`);
    throw refusal(MISMATCH, remaining);
  }
  const needsCode = await hasSecondFactor(ctx, user.id);
  if (needsCode && !input.code) {
    await forgiveFailure(ctx, on);
    throw new AppError("precondition", CODE_NEEDED);
  }
  const opened = needsCode ? await openWithCode(ctx, user, { code: input.code ?? "", remaining }) : await openWithPassword(ctx, user);
  await forgiveFailure(ctx, on);
  return opened;
}

const noteFailure = (ctx: Context, userId: string, summary: string) => audit(ctx, { action: "access.signInFailed", target: { kind: "user", id: userId }, summary });

/** Whoever turned a second factor on at this moment wins. */
const openWithPassword = (ctx: Context, user: Account) =>
  inTransaction(ctx, (tx) => openSession(tx, { user, signedInBy: "password", unchanged: { passwordHash: user.passwordHash, NOT: { secondFactor: { confirmedAt: { not: null } } } } }));

async function openWithCode(ctx: Context, user: Account, { code, remaining }: { code: string; remaining: number }): Promise<{ sessionId: string }> {
  await countTry(ctx, user.id);
  const opened = await inTransaction(ctx, async (tx) =>
    (await acceptCode(tx, user.id, code)) ? openSession(tx, { user, signedInBy: "password and code", unchanged: { passwordHash: user.passwordHash } }) : null,
  );
  if (opened) return opened;
  await noteFailure(ctx, user.id, `Failed second factor of ${user.email}`);
  throw refusal(WRONG_CODE, remaining);
}

/** Ends a session at its owner's wish. Signing out twice changes nothing. */
export async function signOut(ctx: Context, sessionId: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: tx.now() } });
    if (count === 0) return;
    await audit(tx, { action: "access.signOut", target: { kind: "session", id: sessionId }, summary: "Signed out" });
    await announce(tx, { topic: "access" });
  });
}
