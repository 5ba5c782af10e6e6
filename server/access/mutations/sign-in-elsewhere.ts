import { audit } from "../../platform/audit.ts";
import type { VouchedPerson } from "../../platform/auth/oidc/flow.ts";
import { config } from "../../platform/config.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { refuseKeys } from "../caller.ts";
import { getUser } from "../queries/index.ts";
import type { ById, Role, User } from "../schema.ts";
import { openSession } from "./open-session.ts";
import { endSessions, insertUser } from "./user-row.ts";

type Account = { id: string; email: string; name: string; role: Role; disabledAt: Date | null };
const SELECT = { id: true, email: true, name: true, role: true, disabledAt: true } as const;

/**
 * Signs in a person whom the issuer vouches for. Known by issuer and subject; else linked, once, to the account with the
 * verified email; else created when OIDC_DEFAULT_ROLE says as what. An account that is linked already is not linked to
 * another subject: an address that was given to somebody else must not inherit it. Throws `forbidden`, `conflict`.
 */
export async function signInElsewhere(ctx: Context, person: VouchedPerson): Promise<{ sessionId: string }> {
  const outcome = await inTransaction(ctx, async (tx) => {
    const user = await admit(tx, person);
    return typeof user === "string" ? user : openSession(tx, { user, signedInBy: "single sign-on" });
  });
  if (typeof outcome !== "string") return outcome;
  await audit(ctx, { action: "access.signInFailed", target: { kind: "identity", id: person.subject }, summary: `Failed single sign-on of ${person.email}: ${outcome}` });
  throw new AppError("forbidden", `This person may not sign in: ${outcome}.`);
}

const DISABLED = "the account is disabled";

/** The account to sign in as; or why there is none, as text, and then nothing was changed. */
async function admit(tx: Context, person: VouchedPerson): Promise<Account | string> {
  const { issuer, subject, email } = person;
  const identity = await tx.db.externalIdentity.findUnique({ where: { issuer_subject: { issuer, subject } }, select: { id: true, user: { select: SELECT } } });
  if (identity) {
    if (identity.user.disabledAt) return DISABLED;
    await tx.db.externalIdentity.updateMany({ where: { id: identity.id }, data: { lastSignInAt: tx.now() } });
    return identity.user;
  }
  const known = await tx.db.user.findUnique({ where: { email }, select: { ...SELECT, identities: { where: { issuer }, select: { id: true } } } });
  if (known?.disabledAt) return DISABLED;
  if (known && known.identities.length > 0) return "the account is linked to another identity of this issuer";
  const role = config().OIDC_DEFAULT_ROLE;
  if (!known && !role) return "there is no account with this address";
  const user = known ?? (await createFor(tx, person, role ?? "viewer"));
  await link(tx, person, user);
  return user;
}

async function link(tx: Context, { issuer, subject, email }: VouchedPerson, user: Account): Promise<void> {
  const now = tx.now();
  const data = { id: newId("idn", now), issuer, subject, userId: user.id, email, createdAt: now, lastSignInAt: now };
  const { count } = await tx.db.externalIdentity.createMany({ data, skipDuplicates: true });
  if (count === 0) throw new AppError("conflict", "Somebody signs in with this identity at this moment. Try again.");
  await audit(tx, { action: "access.linkIdentity", target: { kind: "user", id: user.id }, summary: `Linked ${user.email} to an identity of ${issuer}`, after: { issuer, subject } });
}

async function createFor(tx: Context, { email, name }: VouchedPerson, role: Role): Promise<Account> {
  const id = await insertUser(tx, { email, name, role, passwordHash: null });
  await audit(tx, { action: "access.createByIssuer", target: { kind: "user", id }, summary: `Created ${email} as ${role} at the first single sign-on` });
  await announce(tx, { topic: "access", id });
  return { id, email, name, role, disabledAt: null };
}

/** Cuts a user's links to issuers and ends their sessions; the next single sign-on links anew by email. Throws `not_found`, `precondition`. */
export async function unlinkIdentities(ctx: Context, input: ById): Promise<User> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    const before = await getUser(tx, input.id);
    const { count } = await tx.db.externalIdentity.deleteMany({ where: { userId: input.id } });
    if (count === 0) throw new AppError("precondition", `${before.name} is not linked to an issuer.`);
    const ended = await endSessions(tx, input.id);
    const user = await getUser(tx, input.id);
    await audit(tx, { action: "access.unlinkIdentities", target: { kind: "user", id: user.id }, summary: `Cut the single sign-on of ${user.name}, ended ${ended} sessions` });
    await announce(tx, { topic: "access", id: user.id });
    return user;
  });
}
