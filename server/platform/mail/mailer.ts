/** The console's own mail: whether it sends any, and sending one message with the settings of the environment. */
import { config } from "../config.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { instruments } from "../metrics/registry.ts";
import { sendMail, type Mail } from "./send.ts";
import { readSmtp, type SmtpSettings } from "./settings.ts";

function smtp(): SmtpSettings | null {
  const { SMTP_URL, SMTP_FROM } = config();
  return SMTP_URL && SMTP_FROM ? readSmtp(SMTP_URL, SMTP_FROM) : null;
}

/** True when the environment names a mail server. */
export const sendsMail = (): boolean => smtp() !== null;

/** Sends a message now; run it in a job. Throws MailError, or AppError `precondition` when no mail server is set. */
export async function mail(ctx: Context, message: Mail): Promise<void> {
  const settings = smtp();
  if (!settings) throw new AppError("precondition", "No mail server is set. Set SMTP_URL and SMTP_FROM, then restart.");
  try {
    await sendMail(ctx, settings, message);
    instruments().mails.inc({ outcome: "sent" });
  } catch (error) {
    instruments().mails.inc({ outcome: "failed" });
    throw error;
  }
}
