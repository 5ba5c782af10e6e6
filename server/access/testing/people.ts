/** Rows and callers for tests of this module. Passwords are hashed once, for speed. */
import { hashPassword } from "../../platform/auth/password-hash.ts";
import type { Actor } from "../../platform/context.ts";
import type { Db } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { Role } from "../../platform/permissions.ts";

export const TEST_PASSWORD = "a harbour at low tide";
let hash: Promise<string> | undefined;
let counter = 0;

/** Creates an enabled user with TEST_PASSWORD. */
export async function makeUser(db: Db, role: Role, at: Date = new Date()) {
  hash ??= hashPassword(TEST_PASSWORD);
  counter += 1;
  const data = { id: newId("usr", at), email: `${role}${counter}@example.com`, name: `${role} ${counter}`, role, passwordHash: await hash, createdAt: at, updatedAt: at };
  return db.user.create({ data });
}

type Person = Awaited<ReturnType<typeof makeUser>>;

/** Creates a live session and returns the caller who uses it. */
export async function signedIn(db: Db, user: Person, at: Date = new Date()): Promise<Extract<Actor, { kind: "user" }>> {
  const sessionId = newId("ses", at);
  await db.session.create({ data: { id: sessionId, userId: user.id, createdAt: at, lastSeenAt: at, expiresAt: new Date(at.getTime() + 7 * 86_400_000) } });
  return { kind: "user", id: user.id, name: user.name, email: user.email, role: user.role, sessionId };
}

/** The caller behind a key of this user. */
export function keyActor(user: Person, scopes: string[] = ["*"]): Actor {
  return { kind: "apiKey", id: "key_test", name: "robot", ownerId: user.id, role: user.role, scopes };
}
