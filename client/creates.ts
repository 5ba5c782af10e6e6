/** Procedures that add a row and honour an Idempotency-Key. Written by scripts/permission-table.ts. */
export const CREATES = [
  "access.createKey",
  "access.createUser",
  "access.inviteUser",
  "access.verifyAudit",
  "coverage.push",
  "coverage.pushTests",
  "queues.enqueueTest",
  "queues.startOperation",
  "services.addCheck",
  "services.create",
  "services.startBulk",
  "settings.saveView",
] as const;
