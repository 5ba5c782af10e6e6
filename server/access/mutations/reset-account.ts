import { audit } from "../../platform/audit.ts";
import { hashPassword } from "../../platform/auth/password-hash.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import { getUser } from "../queries/index.ts";
import type { CreateUser, User } from "../schema.ts";
import { removeSecondFactor } from "./second-factor.ts";
import { assertAnotherAdmin, assertGoodPassword, endSessions, generatePassword, lockAdmins, revokeLinks } from "./user-row.ts";

type Wish = CreateUser & { id: string; reset: boolean };

/**
 * For the command line: with `reset`, sets password and role of an existing account as given, enables it, removes its second
 * factor and ends its sessions; without, changes nothing. Throws `not_found`, `invalid`, `precondition` for the last enabled admin.
 */
export async function resetAccount(ctx: Context, wish: Wish): Promise<{ user: User; generatedPassword: string | null; outcome: "reset" | "unchanged" }> {
  if (!wish.reset) return { user: await getUser(ctx, wish.id), generatedPassword: null, outcome: "unchanged" };
  if (wish.password !== undefined) assertGoodPassword(wish.password, { email: wish.email, field: "password" });
  const generatedPassword = wish.password === undefined ? generatePassword() : null;
  const passwordHash = await hashPassword(generatedPassword ?? wish.password ?? "");
  return inTransaction(ctx, async (tx) => {
    await lockAdmins(tx);
    const before = await getUser(tx, wish.id);
    if (wish.role !== "admin" && before.role === "admin") await assertAnotherAdmin(tx, wish.id);
    await tx.db.user.updateMany({ where: { id: wish.id }, data: { passwordHash, role: wish.role, disabledAt: null, updatedAt: tx.now() } });
    await removeSecondFactor(tx, wish.id);
    await revokeLinks(tx, wish.id);
    await endSessions(tx, wish.id);
    const user = await getUser(tx, wish.id);
    await audit(tx, { action: "access.resetAccount", target: { kind: "user", id: user.id }, summary: `Reset ${user.email} as ${user.role} from the command line`, before, after: user });
    await announce(tx, { topic: "access", id: user.id });
    return { user, generatedPassword, outcome: "reset" };
  });
}
