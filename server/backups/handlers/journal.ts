/** The log of a run, drill or restore: lines for the page that watches it, and for the process's own log. */
import type { Context } from "../../platform/context.ts";
import { announce } from "../../platform/live/announce.ts";

export type Journal = {
  write: (text: string, level?: "info" | "warn" | "error") => Promise<void>;
};

const TEXT_MAX = 2_000;

/** Opens the journal of `subjectId`. A line that cannot be written is left to the process's log: the work matters more. */
export function openJournal(ctx: Context, subjectId: string): Journal {
  return {
    write: async (text, level = "info") => {
      ctx.log[level]({ subjectId }, text);
      try {
        await ctx.db.backupLogLine.create({ data: { subjectId, at: ctx.now(), level, text: text.slice(0, TEXT_MAX) } });
        await announce(ctx, { topic: "backups", id: subjectId });
      } catch (error) {
        ctx.log.warn({ err: error, subjectId }, "a line of a journal was not kept");
      }
    },
  };
}
