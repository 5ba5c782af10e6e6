import { backupRule } from "./backup-words.ts";

const TARGET = "encrypted";

export const backupEncrypted = backupRule({
  id: "backup-encrypted",
  title: "Its backups are encrypted",
  why: "A backup holds everything that the database protects, without the database's locks.",
  fix: "Turn encryption on in the plan, and take a backup.",
  severity: "high",
  weight: 2,
  target: TARGET,
  answer: ({ isEncrypted, good }) => {
    const rows = { "Newest backup": good ? (good.isEncrypted ? "encrypted" : "open") : "none", "Next backup": isEncrypted ? "encrypted" : "open" };
    if (!isEncrypted) return { holds: false, value: "the plan does not encrypt", target: TARGET, rows };
    if (!good) return { holds: null, value: "no usable backup yet", target: TARGET, rows };
    return { holds: good.isEncrypted, value: good.isEncrypted ? "encrypted" : "the newest backup is open", target: TARGET, rows };
  },
});
