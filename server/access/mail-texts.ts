/** What people read when a link comes by mail. Pure. */
import type { LinkKind } from "./schema.ts";

type Facts = { kind: LinkKind; console: string; url: string; expiresAt: Date; invitedBy: string };

const until = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Subject and text of the mail with a link. */
export function mailOfLink({ kind, console, url, expiresAt, invitedBy }: Facts): { subject: string; text: string } {
  if (kind === "invitation") {
    return {
      subject: `You are invited to ${console}`,
      text: `${invitedBy} made you an account on ${console}.\n\nOpen this link to choose your name and password:\n\n${url}\n\nIt works once, until ${until(expiresAt)}. If you did not expect this, ignore it: nothing happens.\n`,
    };
  }
  return {
    subject: `A new password for ${console}`,
    text: `Somebody asked to set a new password for your account on ${console}.\n\nOpen this link to choose one:\n\n${url}\n\nIt works once, until ${until(expiresAt)}. If it was not you, ignore this mail: your password stays as it is.\n`,
  };
}
