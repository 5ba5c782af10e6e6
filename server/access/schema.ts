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
import { pageInput, pageOf } from "../platform/page.ts";
import { ROLES } from "../platform/permissions.ts";
import { PASSWORD_MAX_LENGTH } from "./schema/password-rule.ts";

export { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, passwordProblem } from "./schema/password-rule.ts";

const NAME_MAX = 80;
const EMAIL_MAX = 254;
const TEXT_MAX = 200;
const ID_MAX = 64;

export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

const NO_EMAIL = "Enter an email address, such as maya@example.com.";
/** Looked at before it is made lower case: the Kelvin sign, for one, would become a plain k. */
const ASCII = /^[\x21-\x7e]+$/;
export const Email = z.string().trim().max(EMAIL_MAX).regex(ASCII, NO_EMAIL).toLowerCase().pipe(z.email(NO_EMAIL));
const name = z.string().trim().min(1, "Enter a name.").max(NAME_MAX);
const id = z.string().min(1).max(ID_MAX);
/** Its rule depends on the account, so `passwordProblem` runs in the operation. */
const password = z.string().min(1).max(PASSWORD_MAX_LENGTH);

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

// One-time links

export const LinkKind = z.enum(["invitation", "passwordReset"]);
export type LinkKind = z.infer<typeof LinkKind>;

/** `url` is shown this once; whoever holds it can use it until `expiresAt`. */
export const OneTimeLink = z.object({ url: z.string(), expiresAt: z.date() });
export type OneTimeLink = z.infer<typeof OneTimeLink>;
export const UserWithLink = z.object({ user: User, link: OneTimeLink });
export type UserWithLink = z.infer<typeof UserWithLink>;

/** The person confirms or corrects the name when accepting. */
export const InviteUser = z.object({ email: Email, name: name.optional(), role: Role });
export type InviteUser = z.infer<typeof InviteUser>;

const token = z.string().min(1).max(TEXT_MAX);
export const LinkToken = z.object({ token });
export type LinkToken = z.infer<typeof LinkToken>;
/** What the link is for. */
export const OpenedLink = z.object({ kind: LinkKind, email: z.string(), name: z.string(), expiresAt: z.date() });
export type OpenedLink = z.infer<typeof OpenedLink>;

export const AcceptInvitation = z.object({ token, name, password });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;
export const ResetByLink = z.object({ token, password });
export type ResetByLink = z.infer<typeof ResetByLink>;
/** The address to sign in with. */
export const LinkUsed = z.object({ email: z.string() });

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

// Audit

export const AuditEntry = z.object({
  /** A growing number, as text. */
  id: z.string(),
  at: z.date(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  actorLabel: z.string(),
  action: z.string(),
  targetKind: z.string(),
  targetId: z.string(),
  summary: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const auditFilter = {
  /** An actor's id, or part of the name. */
  actor: z.string().trim().max(TEXT_MAX).optional(),
  /** An action such as `access.createKey`, or its start: `access.`. */
  action: z.string().trim().max(TEXT_MAX).optional(),
  /** A target's id, or its kind. */
  target: z.string().trim().max(TEXT_MAX).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  /** Part of the summary. */
  text: z.string().trim().max(TEXT_MAX).optional(),
};
export const AuditFilter = z.object(auditFilter);
export type AuditFilter = z.infer<typeof AuditFilter>;
/** Newest first. */
export const ListAudit = z.object({ ...pageInput, ...auditFilter });
export type ListAudit = z.infer<typeof ListAudit>;
export const AuditPage = pageOf(AuditEntry);

/** Most rows one export holds; narrow the dates for more. */
export const AUDIT_EXPORT_LIMIT = 10_000;
export const AuditExport = z.object({ fileName: z.string(), csv: z.string(), rows: z.number(), isComplete: z.boolean() });
export type AuditExport = z.infer<typeof AuditExport>;
