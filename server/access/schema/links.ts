/** Words of one-time links: invitations and password resets. */
import * as z from "zod";
import { Email, id, name, password, Role, TEXT_MAX } from "./atoms.ts";

export const LinkKind = z.enum(["invitation", "passwordReset"]);
export type LinkKind = z.infer<typeof LinkKind>;

/** `url` is shown this once; whoever holds it can use it until `expiresAt`. */
export const OneTimeLink = z.object({ url: z.string(), expiresAt: z.date() });
export type OneTimeLink = z.infer<typeof OneTimeLink>;

/** How a link gets to its owner. `mail` falls back to `show` while the console sends no mail. */
export const Delivery = z.enum(["mail", "show"]).default("mail").describe("`mail` sends the link to its owner when SMTP_URL is set; `show` puts it into the answer instead.");

/** How the newest mailed link of a person fared. */
export const LinkMail = z.object({ state: z.enum(["queued", "sent", "failed"]), problem: z.string().nullable(), at: z.date() });
export type LinkMail = z.infer<typeof LinkMail>;

/** The person confirms or corrects the name when accepting. */
export const InviteUser = z.object({ email: Email, name: name.optional(), role: Role, delivery: Delivery });
export type InviteUser = z.infer<typeof InviteUser>;

export const SendLink = z.object({ id, delivery: Delivery });
export type SendLink = z.infer<typeof SendLink>;

/** Asks for a link to a new password; the answer says nothing about accounts. */
export const ForgottenPassword = z.object({ email: Email });
export type ForgottenPassword = z.infer<typeof ForgottenPassword>;

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
