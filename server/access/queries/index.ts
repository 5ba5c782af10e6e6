export { exportAudit, listAudit } from "./audit.ts";
export { getKey, listKeys } from "./keys.ts";
export { findLiveLink, linkGone, openLink } from "./links.ts";
export { getMe, getSetupState, SETUP_TOKEN_KEY } from "./self.ts";
export { countAccessByKey } from "./sealed.ts";
export { getSecondFactor } from "./second-factor.ts";
export { listSessions } from "./sessions.ts";
export { getUser, listUsers } from "./users.ts";
export { verifyAudit } from "./verify-audit.ts";
