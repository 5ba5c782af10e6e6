/**
 * Access: who may come in, as what, and what they did.
 *
 * user: a person with an email, a role and a password · session: one signed-in browser · API key: a script that acts for
 * its owner, never with more than the owner's present role · setup token: the one-time right to make the first admin.
 * Invariants: at least one enabled admin exists once any user does; a disabled user's sessions and keys are dead on the
 * next request; a key's text and a generated password are shown once and never stored; audit rows are only added.
 */
import * as z from "zod";
import { MODULES } from "../modules.ts";
import { NEEDED_BY } from "../platform/auth/second-factor-rule.ts";
import { pageInput, pageOf } from "../platform/page.ts";
import { Email, id, name, password, Role, TEXT_MAX } from "./schema/atoms.ts";
import { LinkMail, OneTimeLink } from "./schema/links.ts";

export { Email, Role } from "./schema/atoms.ts";
export * from "./schema/links.ts";
export * from "./schema/trail.ts";
export { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, passwordProblem } from "./schema/password-rule.ts";

/** Names one row. */
export const ById = z.object({ id });
export type ById = z.infer<typeof ById>;
/** No input. */
export const Nothing = z.object({});
/** A change without a row to return. */
export const Done = z.object({ ok: z.literal(true) });

// Setup and oneself

/** Whether the first administrator is still missing; `facts` is there only while it is. */
export const SetupState = z.object({
  isNeeded: z.boolean(),
  facts: z.object({ databaseVersion: z.string(), databaseMs: z.number(), areKeysMade: z.boolean() }).nullable(),
});
export type SetupState = z.infer<typeof SetupState>;

export const SetUp = z.object({ token: z.string().trim().min(1, "Enter the setup code.").max(TEXT_MAX), name, email: Email, password });
export type SetUp = z.infer<typeof SetUp>;

/** The caller. `email` and `sessionId` are null for an API key, `scopes` is null for a person. */
export const Me = z.object({
  kind: z.enum(["user", "apiKey"]),
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: Role,
  sessionId: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
});
export type Me = z.infer<typeof Me>;

export const ChangePassword = z.object({ currentPassword: password, newPassword: password });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** Proves that the person sits at the keyboard. */
export const PasswordProof = z.object({ password });
export type PasswordProof = z.infer<typeof PasswordProof>;

// Second factor

/** Longest of what people may type as a code: a recovery code with spaces. */
const CODE_MAX = 40;
export const CodeInput = z.object({ code: z.string().trim().min(1, "Enter the code.").max(CODE_MAX) });
export type CodeInput = z.infer<typeof CodeInput>;

/** The caller's second factor. `hasPassword` is false for accounts that sign in elsewhere; they cannot have one. */
export const SecondFactor = z.object({ isOn: z.boolean(), since: z.date().nullable(), recoveryCodesLeft: z.number(), hasPassword: z.boolean() });
export type SecondFactor = z.infer<typeof SecondFactor>;

/** Who must have a second factor before they can do anything else. Sign-in elsewhere is the issuer's business. */
export const SecondFactorRule = z.object({
  neededBy: z.enum(NEEDED_BY),
  /** Enabled people whom the rule asks and who have none yet. */
  missing: z.number(),
  updatedAt: z.date().nullable(),
  updatedBy: z.string().nullable(),
});
export type SecondFactorRule = z.infer<typeof SecondFactorRule>;
export const RequireSecondFactor = z.object({ neededBy: z.enum(NEEDED_BY) });
export type RequireSecondFactor = z.infer<typeof RequireSecondFactor>;

/** `key` to type, `uri` to show as a QR code; not in force until confirmed. */
export const BegunSecondFactor = z.object({ key: z.string(), uri: z.string() });
export type BegunSecondFactor = z.infer<typeof BegunSecondFactor>;

/** Shown this once; each signs in one time. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

// Users

export const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  disabledAt: z.date().nullable(),
  lastSignInAt: z.date().nullable(),
  createdAt: z.date(),
  /** True while the person never set a password and never signed in. */
  isInvited: z.boolean(),
  hasSecondFactor: z.boolean(),
  /** True for people who sign in at an issuer. */
  isLinked: z.boolean(),
  /** How the newest link that was mailed to them fared; null when there is none that could still be used. */
  linkMail: LinkMail.nullable(),
  /** Sessions that are alive and keys that work, now. */
  liveSessions: z.number(),
  liveKeys: z.number(),
});
export type User = z.infer<typeof User>;

/** Oldest first. `search` looks in name and email. */
export const ListUsers = z.object({
  ...pageInput,
  search: z.string().trim().max(TEXT_MAX).optional(),
  role: Role.optional(),
  state: z.enum(["enabled", "disabled"]).optional(),
});
export type ListUsers = z.infer<typeof ListUsers>;
export const UserPage = pageOf(User);

/** Without a password one is generated and returned once. */
export const CreateUser = z.object({ email: Email, name, role: Role, password: password.optional() });
export type CreateUser = z.infer<typeof CreateUser>;
/** `generatedPassword` is shown this once; null when the caller chose the password. */
export const UserWithPassword = z.object({ user: User, generatedPassword: z.string().nullable() });
export type UserWithPassword = z.infer<typeof UserWithPassword>;

export const UpdateUser = z.object({ id, name: name.optional(), role: Role.optional() });
export type UpdateUser = z.infer<typeof UpdateUser>;

/** `link` is null when it goes by mail; then `mailedTo` says where to. */
export const UserWithLink = z.object({ user: User, link: OneTimeLink.nullable(), mailedTo: z.string().nullable() });
export type UserWithLink = z.infer<typeof UserWithLink>;

// Sessions

export const SignedInBy = z.enum(["password", "password and code", "single sign-on"]);
export type SignedInBy = z.infer<typeof SignedInBy>;

export const Session = z.object({
  id: z.string(),
  userId: z.string(),
  userName: z.string(),
  userEmail: z.string(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.date(),
  lastSeenAt: z.date(),
  expiresAt: z.date(),
  signedInBy: SignedInBy,
  /** True for the session that asks. */
  isCurrent: z.boolean(),
});
export type Session = z.infer<typeof Session>;

/** Live sessions, newest first. Only one's own, unless an admin names a user or asks for `all`. */
export const ListSessions = z.object({ ...pageInput, userId: id.optional(), owner: z.enum(["me", "all"]).default("me") });
export type ListSessions = z.infer<typeof ListSessions>;
export const SessionPage = pageOf(Session);

export const RevokedSessions = z.object({ revoked: z.number() });
export type RevokedSessions = z.infer<typeof RevokedSessions>;

// API keys

/** Every scope a key may have: `*`, or `<module>:read` and `<module>:write`. */
export const SCOPES = ["*", ...MODULES.flatMap((module) => [`${module}:read`, `${module}:write`])] as const;
const Scope = z.string().refine((scope) => SCOPES.includes(scope), "is not a known scope");

/** Offered lifetimes in days; null never ends. */
export const KEY_LIFETIMES_DAYS = [30, 90, 365, null] as const;

export const KeyState = z.enum(["active", "expired", "revoked", "ownerDisabled"]);
export type KeyState = z.infer<typeof KeyState>;

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  /** The public start of the key, e.g. `sw_3fK9aQ2x`. */
  prefix: z.string(),
  ownerId: z.string(),
  ownerName: z.string(),
  /** The most the key can do now. */
  ownerRole: Role,
  scopes: z.array(z.string()),
  state: KeyState,
  expiresAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  createdAt: z.date(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Newest first. Only one's own, unless an admin names an owner or asks for `all`. */
export const ListKeys = z.object({ ...pageInput, ownerId: id.optional(), owner: z.enum(["me", "all"]).default("me"), state: KeyState.optional() });
export type ListKeys = z.infer<typeof ListKeys>;
export const KeyPage = pageOf(ApiKey);

export const CreateKey = z.object({
  name,
  scopes: z.array(Scope).min(1, "Choose at least one scope.").max(SCOPES.length),
  expiresInDays: z.union([z.literal(30), z.literal(90), z.literal(365), z.null()]),
});
export type CreateKey = z.infer<typeof CreateKey>;
/** `plainKey` is the whole key, shown this once. */
export const KeyWithText = z.object({ key: ApiKey, plainKey: z.string() });
export type KeyWithText = z.infer<typeof KeyWithText>;
