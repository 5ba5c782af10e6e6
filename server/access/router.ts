import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import * as schema from "./schema.ts";

/** Setup and the caller's own account. */
const selfProcedures = {
  setupState: may("access:setupState", { access: "public", tier: "api", rest: "GET /access/setup", summary: "Tell whether the first administrator is missing" })
    .input(schema.Nothing)
    .output(schema.SetupState)
    .query(({ ctx }) => queries.getSetupState(ctx)),
  setUp: may("access:setUp", { access: "public", tier: "auth", rest: "POST /access/setup", summary: "Create the first administrator with the setup code" })
    .input(schema.SetUp)
    .output(schema.User)
    .mutation(({ ctx, input }) => mutations.setUp(ctx, input)),
  me: may("access:me", { access: "viewer", tier: "read", isEnrolment: true, lastKnown: "caller", rest: "GET /access/me", summary: "Show the caller" })
    .input(schema.Nothing)
    .output(schema.Me)
    .query(({ ctx }) => queries.getMe(ctx)),
  changePassword: may("access:changePassword", { access: "viewer", tier: "write", rest: "POST /access/me/password", summary: "Change one's own password and end the other sessions" })
    .input(schema.ChangePassword)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.changePassword(ctx, input)),
  sessions: may("access:sessions", { access: "viewer", tier: "read", rest: "GET /access/sessions", summary: "List live sessions" })
    .input(schema.ListSessions)
    .output(schema.SessionPage)
    .query(({ ctx, input }) => queries.listSessions(ctx, input)),
  revokeSession: may("access:revokeSession", { access: "viewer", tier: "write", rest: "POST /access/sessions/{id}/revoke", summary: "End a session" })
    .input(schema.ById)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.revokeSession(ctx, input)),
  revokeOtherSessions: may("access:revokeOtherSessions", { access: "viewer", tier: "write", rest: "POST /access/sessions/revoke-others", summary: "End one's other sessions" })
    .input(schema.Nothing)
    .output(schema.RevokedSessions)
    .mutation(({ ctx }) => mutations.revokeOtherSessions(ctx)),
};

/** The caller's second factor. */
const secondFactorProcedures = {
  secondFactor: may("access:secondFactor", { access: "viewer", tier: "read", isEnrolment: true, rest: "GET /access/me/second-factor", summary: "Show whether one's second factor is on" })
    .input(schema.Nothing)
    .output(schema.SecondFactor)
    .query(({ ctx }) => queries.getSecondFactor(ctx)),
  secondFactorRule: may("access:secondFactorRule", { access: "admin", tier: "read", rest: "GET /access/second-factor-rule", summary: "Show who must have a second factor" })
    .input(schema.Nothing)
    .output(schema.SecondFactorRule)
    .query(({ ctx }) => queries.getSecondFactorRule(ctx)),
  requireSecondFactor: may("access:requireSecondFactor", { access: "admin", tier: "write", isBatchable: false, rest: "PUT /access/second-factor-rule", summary: "Say who must have a second factor" })
    .input(schema.RequireSecondFactor)
    .output(schema.SecondFactorRule)
    .mutation(({ ctx, input }) => mutations.requireSecondFactor(ctx, input)),
  beginSecondFactor: may("access:beginSecondFactor", { access: "viewer", tier: "write", isEnrolment: true, rest: "POST /access/me/second-factor", summary: "Begin to set up a second factor" })
    .input(schema.PasswordProof)
    .output(schema.BegunSecondFactor)
    .mutation(({ ctx, input }) => mutations.beginSecondFactor(ctx, input)),
  confirmSecondFactor: may("access:confirmSecondFactor", { access: "viewer", tier: "write", isEnrolment: true, rest: "POST /access/me/second-factor/confirm", summary: "Turn one's second factor on with a first code" })
    .input(schema.CodeInput)
    .output(schema.RecoveryCodes)
    .mutation(({ ctx, input }) => mutations.confirmSecondFactor(ctx, input)),
  renewRecoveryCodes: may("access:renewRecoveryCodes", { access: "viewer", tier: "write", rest: "POST /access/me/second-factor/recovery-codes", summary: "Replace one's recovery codes" })
    .input(schema.PasswordProof)
    .output(schema.RecoveryCodes)
    .mutation(({ ctx, input }) => mutations.renewRecoveryCodes(ctx, input)),
  disableSecondFactor: may("access:disableSecondFactor", { access: "viewer", tier: "write", rest: "POST /access/me/second-factor/disable", summary: "Turn one's second factor off" })
    .input(schema.PasswordProof)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.disableSecondFactor(ctx, input)),
  resetSecondFactor: may("access:resetSecondFactor", { access: "admin", tier: "write", rest: "POST /access/users/{id}/reset-second-factor", summary: "Remove a user's second factor and end their sessions" })
    .input(schema.ById)
    .output(schema.User)
    .mutation(({ ctx, input }) => mutations.resetSecondFactor(ctx, input)),
};

/** One-time links: invitations and password resets. The last four are for people who are not signed in. */
const linkProcedures = {
  inviteUser: may("access:inviteUser", { access: "admin", tier: "write", isCreate: true, rest: "POST /access/invitations", summary: "Create an account and the one-time link that sets its password" })
    .input(schema.InviteUser)
    .output(schema.UserWithLink)
    .mutation(({ ctx, input }) => mutations.inviteUser(ctx, input)),
  renewInvitation: may("access:renewInvitation", { access: "admin", tier: "write", rest: "POST /access/users/{id}/invitation", summary: "Replace the link of an invitation" })
    .input(schema.SendLink)
    .output(schema.UserWithLink)
    .mutation(({ ctx, input }) => mutations.renewInvitation(ctx, input)),
  issueResetLink: may("access:issueResetLink", { access: "admin", tier: "write", rest: "POST /access/users/{id}/reset-link", summary: "Make a one-time link that sets a new password" })
    .input(schema.SendLink)
    .output(schema.UserWithLink)
    .mutation(({ ctx, input }) => mutations.issueResetLink(ctx, input)),
  requestPasswordLink: may("access:requestPasswordLink", { access: "public", tier: "write", isBatchable: false, rest: "POST /access/links/forgotten-password", summary: "Ask for a link to a new password by mail" })
    .input(schema.ForgottenPassword)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.requestPasswordLink(ctx, input)),
  // Changes nothing, but a query's input would stand in an address, and addresses are logged.
  openLink: may("access:openLink", { access: "public", tier: "auth", rest: "POST /access/links/open", summary: "Tell what a one-time link is for" })
    .input(schema.LinkToken)
    .output(schema.OpenedLink)
    .mutation(({ ctx, input }) => queries.openLink(ctx, input)),
  acceptInvitation: may("access:acceptInvitation", { access: "public", tier: "auth", rest: "POST /access/links/accept-invitation", summary: "Set name and password of an invited account" })
    .input(schema.AcceptInvitation)
    .output(schema.LinkUsed)
    .mutation(({ ctx, input }) => mutations.acceptInvitation(ctx, input)),
  resetPasswordByLink: may("access:resetPasswordByLink", { access: "public", tier: "auth", rest: "POST /access/links/reset-password", summary: "Set a new password with a one-time link" })
    .input(schema.ResetByLink)
    .output(schema.LinkUsed)
    .mutation(({ ctx, input }) => mutations.resetPasswordByLink(ctx, input)),
};

/** People. */
const userProcedures = {
  users: may("access:users", { access: "admin", tier: "read", rest: "GET /access/users", summary: "List users" })
    .input(schema.ListUsers)
    .output(schema.UserPage)
    .query(({ ctx, input }) => queries.listUsers(ctx, input)),
  createUser: may("access:createUser", { access: "admin", tier: "write", isCreate: true, rest: "POST /access/users", summary: "Create a user" })
    .input(schema.CreateUser)
    .output(schema.UserWithPassword)
    .mutation(({ ctx, input }) => mutations.createUser(ctx, input)),
  updateUser: may("access:updateUser", { access: "admin", tier: "write", rest: "PATCH /access/users/{id}", summary: "Change a user's name or role" })
    .input(schema.UpdateUser)
    .output(schema.User)
    .mutation(({ ctx, input }) => mutations.updateUser(ctx, input)),
  disableUser: may("access:disableUser", { access: "admin", tier: "write", rest: "POST /access/users/{id}/disable", summary: "Disable a user, with sessions and keys" })
    .input(schema.ById)
    .output(schema.User)
    .mutation(({ ctx, input }) => mutations.disableUser(ctx, input)),
  enableUser: may("access:enableUser", { access: "admin", tier: "write", rest: "POST /access/users/{id}/enable", summary: "Enable a disabled user" })
    .input(schema.ById)
    .output(schema.User)
    .mutation(({ ctx, input }) => mutations.enableUser(ctx, input)),
  unlinkIdentities: may("access:unlinkIdentities", { access: "admin", tier: "write", rest: "POST /access/users/{id}/unlink", summary: "Cut a user's links to issuers and end their sessions" })
    .input(schema.ById)
    .output(schema.User)
    .mutation(({ ctx, input }) => mutations.unlinkIdentities(ctx, input)),
  resetPassword: may("access:resetPassword", { access: "admin", tier: "write", rest: "POST /access/users/{id}/reset-password", summary: "Give a user a new generated password" })
    .input(schema.ById)
    .output(schema.UserWithPassword)
    .mutation(({ ctx, input }) => mutations.resetPassword(ctx, input)),
};

/** Keys and the trail. */
const keyProcedures = {
  keys: may("access:keys", { access: "viewer", tier: "read", rest: "GET /access/keys", summary: "List API keys" })
    .input(schema.ListKeys)
    .output(schema.KeyPage)
    .query(({ ctx, input }) => queries.listKeys(ctx, input)),
  createKey: may("access:createKey", { access: "viewer", tier: "write", isCreate: true, rest: "POST /access/keys", summary: "Create an API key for oneself" })
    .input(schema.CreateKey)
    .output(schema.KeyWithText)
    .mutation(({ ctx, input }) => mutations.createKey(ctx, input)),
  revokeKey: may("access:revokeKey", { access: "viewer", tier: "write", rest: "POST /access/keys/{id}/revoke", summary: "Revoke an API key" })
    .input(schema.ById)
    .output(schema.ApiKey)
    .mutation(({ ctx, input }) => mutations.revokeKey(ctx, input)),
  audit: may("access:audit", { access: "admin", tier: "read", rest: "GET /access/audit", summary: "List what was done" })
    .input(schema.ListAudit)
    .output(schema.AuditPage)
    .query(({ ctx, input }) => queries.listAudit(ctx, input)),
  exportAudit: may("access:exportAudit", { access: "admin", tier: "read", rest: "GET /access/audit/export", summary: "Export what was done as CSV" })
    .input(schema.AuditFilter)
    .output(schema.AuditExport)
    .query(({ ctx, input }) => queries.exportAudit(ctx, input)),
  verifyAudit: may("access:verifyAudit", { access: "admin", tier: "write", isCreate: true, rest: "POST /access/audit/verifications", summary: "Start a check of the whole audit trail" })
    .input(schema.Nothing)
    .output(schema.Verification)
    .mutation(({ ctx }) => mutations.startVerification(ctx)),
  verifications: may("access:verifications", { access: "admin", tier: "read", rest: "GET /access/audit/verifications", summary: "List the latest checks of the audit trail" })
    .input(schema.Nothing)
    .output(schema.VerificationList)
    .query(({ ctx }) => queries.listVerifications(ctx)),
};

/** Users, sessions, keys and the audit trail. */
export const accessRouter = router({ ...selfProcedures, ...secondFactorProcedures, ...linkProcedures, ...userProcedures, ...keyProcedures });
