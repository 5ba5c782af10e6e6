export { anchorAudit, archiveAudit } from "./audit-trail.ts";
export { createKey, insertKey, revokeKey } from "./keys.ts";
export { changePassword, resetPassword } from "./passwords.ts";
export { resetAccount } from "./reset-account.ts";
export { beginSecondFactor, confirmSecondFactor, disableSecondFactor, renewRecoveryCodes, resetSecondFactor } from "./second-factor.ts";
export { revokeOtherSessions, revokeSession } from "./sessions.ts";
export { ensureAdmin, issueSetupToken, setUp } from "./setup.ts";
export { signIn, signOut } from "./sign-in.ts";
export { createUser, disableUser, enableUser, updateUser } from "./users.ts";
