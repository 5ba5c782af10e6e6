import { audit } from "../../platform/audit.ts";
import { hashPassword } from "../../platform/auth/password-hash.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { chargeFailure, forgiveFailure } from "../../platform/limiter/charge.ts";
import { announce } from "../../platform/live/announce.ts";
import { getUser, SETUP_TOKEN_KEY } from "../queries/index.ts";
import type { SetUp, User } from "../schema.ts";
import { hashTypedCode, isTypedCode, makeTypedCode } from "../typed-code.ts";
import { assertGoodPassword, insertUser } from "./user-row.ts";

/** Number of the advisory lock that lets one process at a time decide about the first user. */
const SETUP_LOCK = 7_302_001;
const ALREADY = "This console is already set up. Sign in, or ask an administrator for an account.";

async function lockSetup(tx: Context): Promise<{ hasUser: boolean }> {
  await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(${SETUP_LOCK})`;
  return { hasUser: (await tx.db.user.findFirst({ select: { id: true } })) !== null };
}

/**
 * Makes the one-time setup token, replacing an earlier one. Null once a user exists: then there is nothing to set up.
 * Only its hash is kept, so print it now.
 */
export async function issueSetupToken(ctx: Context): Promise<{ token: string } | null> {
  return inTransaction(ctx, async (tx) => {
    const { hasUser } = await lockSetup(tx);
    if (hasUser) {
      await tx.db.setting.deleteMany({ where: { key: SETUP_TOKEN_KEY } });
      return null;
    }
    const token = makeTypedCode();
    const stamp = { value: { hash: hashTypedCode(token) }, updatedAt: tx.now(), updatedBy: "launcher" };
    await tx.db.setting.upsert({ where: { key: SETUP_TOKEN_KEY }, create: { key: SETUP_TOKEN_KEY, ...stamp }, update: stamp });
    await audit(tx, { action: "access.issueSetupToken", target: { kind: "console", id: "setup" }, summary: "Printed a setup code for the first administrator" });
    return { token };
  });
}

/**
 * Creates the first administrator and uses the token up. Of two at once, one wins. Throws `precondition` when a user
 * exists, `invalid` for a wrong code or a refused password, `limit` after too many wrong codes.
 */
export async function setUp(ctx: Context, input: SetUp): Promise<User> {
  assertGoodPassword(input.password, { email: input.email, field: "password" });
  await chargeFailure(ctx);
  await assertSetupToken(ctx, input.token);
  await forgiveFailure(ctx);
  const passwordHash = await hashPassword(input.password);
  return inTransaction(ctx, async (tx) => {
    const { hasUser } = await lockSetup(tx);
    if (hasUser) throw new AppError("precondition", ALREADY);
    await assertSetupToken(tx, input.token);
    const id = await insertUser(tx, { ...input, role: "admin", passwordHash });
    await tx.db.setting.deleteMany({ where: { key: SETUP_TOKEN_KEY } });
    const user = await getUser(tx, id);
    await audit(tx, { action: "access.setUp", target: { kind: "user", id }, summary: `Created the first administrator ${user.email}`, after: user });
    await announce(tx, { topic: "access", id });
    return user;
  });
}

async function assertSetupToken(ctx: Context, token: string): Promise<void> {
  const row = await ctx.db.setting.findUnique({ where: { key: SETUP_TOKEN_KEY } });
  if (!row) {
    const hasUser = (await ctx.db.user.findFirst({ select: { id: true } })) !== null;
    throw new AppError("precondition", hasUser ? ALREADY : "No setup code was printed yet. Restart the console; it prints a new one.");
  }
  const { hash } = row.value as { hash: string };
  if (!isTypedCode(token, hash)) {
    const problem = "This is not the setup code that the console printed last. Restart it to print a new one.";
    throw new AppError("invalid", problem, { detail: { fields: { token: problem } } });
  }
}

/** Creates an administrator when no user exists at all; else does nothing. Safe to call at every start, from any number of processes. */
export async function ensureAdmin(ctx: Context, input: { email: string; password: string }): Promise<{ created: boolean }> {
  if ((await ctx.db.user.findFirst({ select: { id: true } })) !== null) return { created: false };
  const email = input.email.trim().toLowerCase();
  assertGoodPassword(input.password, { email, field: "SEAWORTHY_ADMIN_PASSWORD" });
  const passwordHash = await hashPassword(input.password);
  return inTransaction(ctx, async (tx) => {
    const { hasUser } = await lockSetup(tx);
    if (hasUser) return { created: false };
    const id = await insertUser(tx, { email, name: "Administrator", role: "admin", passwordHash });
    await tx.db.setting.deleteMany({ where: { key: SETUP_TOKEN_KEY } });
    await audit(tx, { action: "access.ensureAdmin", target: { kind: "user", id }, summary: `Created the first administrator ${email} from the environment` });
    await announce(tx, { topic: "access", id });
    return { created: true };
  });
}
