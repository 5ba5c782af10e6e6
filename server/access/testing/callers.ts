/** One caller of every kind, each with rows of its own: what a request of theirs carries and what the rules grant them. */
import { encode } from "next-auth/jwt";
import { makeApiKey } from "../../platform/auth/api-key.ts";
import { config } from "../../platform/config.ts";
import type { Db } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { Role } from "../../platform/permissions.ts";
import { makeUser, signedIn } from "./people.ts";

export type KindOfCaller = {
  name: string;
  headers: Record<string, string>;
  /** The role that counts; null for whoever is nobody. */
  role: Role | null;
  scopes: "all" | "read" | "telemetry" | "none";
  /** True when the request carries a key that does not work: it is refused everywhere. */
  isDeadKey?: boolean;
};

const SECOND_AGO = () => new Date(Date.now() - 1_000);

async function session(db: Db, role: Role): Promise<{ headers: Record<string, string>; userId: string; sessionId: string }> {
  const user = await makeUser(db, role);
  const { sessionId } = await signedIn(db, user);
  const cookie = `seaworthy.session=${await encode({ token: { sid: sessionId }, secret: config().AUTH_SECRET })}`;
  return { headers: { cookie, "sec-fetch-site": "same-origin" }, userId: user.id, sessionId };
}

type KeyFacts = { role?: Role; scopes?: string[]; revokedAt?: Date; expiresAt?: Date };

async function key(db: Db, { role = "admin", scopes = ["*"], revokedAt, expiresAt }: KeyFacts = {}): Promise<{ headers: Record<string, string>; ownerId: string }> {
  const owner = await makeUser(db, role);
  const { plain, prefix, hash } = makeApiKey();
  await db.apiKey.create({ data: { id: newId("key"), name: prefix, prefix, hash, ownerId: owner.id, scopes, revokedAt, expiresAt, createdAt: new Date() } });
  return { headers: { authorization: `Bearer ${plain}` }, ownerId: owner.id };
}

const demote = (db: Db, id: string) => db.user.update({ where: { id }, data: { role: "viewer", updatedAt: SECOND_AGO() } });
const disable = (db: Db, id: string) => db.user.update({ where: { id }, data: { disabledAt: SECOND_AGO() } });

async function sessions(db: Db): Promise<KindOfCaller[]> {
  const [disabled, demoted, expired, revoked] = [await session(db, "admin"), await session(db, "admin"), await session(db, "admin"), await session(db, "admin")];
  await disable(db, disabled.userId);
  await demote(db, demoted.userId);
  await db.session.update({ where: { id: expired.sessionId }, data: { expiresAt: SECOND_AGO() } });
  await db.session.update({ where: { id: revoked.sessionId }, data: { revokedAt: SECOND_AGO() } });
  const nobody = { role: null, scopes: "none" } as const;
  return [
    { name: "viewer", headers: (await session(db, "viewer")).headers, role: "viewer", scopes: "all" },
    { name: "editor", headers: (await session(db, "editor")).headers, role: "editor", scopes: "all" },
    { name: "admin", headers: (await session(db, "admin")).headers, role: "admin", scopes: "all" },
    { name: "admin disabled a second ago", headers: disabled.headers, ...nobody },
    { name: "admin demoted a second ago", headers: demoted.headers, role: "viewer", scopes: "all" },
    { name: "expired session", headers: expired.headers, ...nobody },
    { name: "revoked session", headers: revoked.headers, ...nobody },
  ];
}

async function keys(db: Db, modules: readonly string[]): Promise<KindOfCaller[]> {
  const [demoted, disabled] = [await key(db), await key(db)];
  await demote(db, demoted.ownerId);
  await disable(db, disabled.ownerId);
  const scoped = async (verb: string) => (await key(db, { scopes: modules.map((module) => `${module}:${verb}`) })).headers;
  const dead = { role: null, scopes: "none", isDeadKey: true } as const;
  return [
    { name: "key to read", headers: await scoped("read"), role: "admin", scopes: "read" },
    { name: "key to write", headers: await scoped("write"), role: "admin", scopes: "all" },
    { name: "key *", headers: (await key(db)).headers, role: "admin", scopes: "all" },
    { name: "key for figures only", headers: (await key(db, { scopes: ["telemetry:read"] })).headers, role: "admin", scopes: "telemetry" },
    { name: "key of a viewer", headers: (await key(db, { role: "viewer" })).headers, role: "viewer", scopes: "all" },
    { name: "key of a demoted owner", headers: demoted.headers, role: "viewer", scopes: "all" },
    { name: "key of a disabled owner", headers: disabled.headers, ...dead },
    { name: "revoked key", headers: (await key(db, { revokedAt: SECOND_AGO() })).headers, ...dead },
    { name: "expired key", headers: (await key(db, { expiresAt: SECOND_AGO() })).headers, ...dead },
  ];
}

/** Makes the callers; `modules` are those that the scoped keys name. */
export async function everyKindOfCaller(db: Db, modules: readonly string[]): Promise<KindOfCaller[]> {
  return [{ name: "anonymous", headers: {}, role: null, scopes: "none" }, ...(await sessions(db)), ...(await keys(db, modules))];
}
