/**
 * Sends one message through an SMTP server that the guard has checked: the name is resolved once, every answer must be
 * allowed, and the connection goes to the checked address. Text only; subjects and addresses cannot carry header lines.
 */
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { SECOND_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { Deadline } from "../http/deadline.ts";
import { dial } from "../http/dial.ts";
import { OutboundError } from "../http/outbound.ts";
import { isAddress, type SmtpSettings } from "./settings.ts";

export type Mail = { to: string; subject: string; text: string };

/** Connecting, greeting, message and answer together; servers that check senders are slow. */
const SEND_TIMEOUT_MS = 20 * SECOND_MS;
/** Replies 500 to 599 are final (RFC 5321, 4.2.1). */
const FINAL_FROM = 500;

/** The message was not accepted. `isFinal` when another try cannot help. The message is safe to show. */
export class MailError extends Error {
  readonly isFinal: boolean;

  constructor(message: string, options: { isFinal: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "MailError";
    this.isFinal = options.isFinal;
  }
}

const oneLine = (text: string): string => text.replace(/[\r\n\t]+/g, " ").trim();

/** The message as it travels: headers and a plain text body. The library is loaded with the first message. */
async function compose(mail: Mail, from: string): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const composer = new MailComposer({ from: oneLine(from), to: oneLine(mail.to), subject: oneLine(mail.subject), text: mail.text, headers: { "Auto-Submitted": "auto-generated" }, disableFileAccess: true, disableUrlAccess: true });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  composer.compile().build((error, message) => (error || !message ? reject(error ?? new Error("no message")) : resolve(message)));
  return promise;
}

/** The address inside `Name <address>`. */
const mailboxOf = (sender: string): string => /<([^>]+)>/.exec(sender)?.[1] ?? sender;

type Step = (done: (error?: Error | null) => void) => void;
type Ask = (step: Step) => Promise<void>;

/** Runs one step of the dialogue; an error of the connection ends it too. */
function asker(connection: SMTPConnection): Ask {
  return (step) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (error?: Error | null) => (error ? reject(error) : resolve());
    connection.once("error", settle);
    step(settle);
    return promise.finally(() => connection.off("error", settle));
  };
}

function toMailError(error: unknown): MailError {
  if (error instanceof OutboundError) return new MailError(`The mail server could not be reached: ${error.message}.`, { isFinal: false, cause: error });
  const { responseCode, response, code } = error as { responseCode?: number; response?: string; code?: string };
  if (responseCode === undefined) {
    const why = error instanceof Error ? error.message : String(error);
    return new MailError(`The mail server broke off (${code ?? "no code"}): ${oneLine(why)}.`, { isFinal: code === "ETLS", cause: error });
  }
  return new MailError(`The mail server answered: ${oneLine(response ?? String(responseCode))}`, { isFinal: responseCode >= FINAL_FROM, cause: error });
}

type World = Pick<Context, "http" | "now" | "signal">;

/** Sends the message. Resolves when the server took it over; throws MailError. */
export async function sendMail(world: World, smtp: SmtpSettings, mail: Mail): Promise<void> {
  const deadline = new Deadline(SEND_TIMEOUT_MS, world.signal);
  let connection: SMTPConnection | undefined;
  try {
    const target = await deadline.race(world.http.resolve(smtp.host, smtp.port, deadline.signal));
    deadline.phase = "connect";
    const { socket } = await dial([target], { signal: deadline.signal, tls: smtp.isTls ? { ignoresErrors: false, now: world.now } : undefined });
    deadline.phase = "answer";
    const { default: Connection } = await import("nodemailer/lib/smtp-connection");
    connection = new Connection({
      connection: socket,
      host: smtp.host,
      port: smtp.port,
      secured: smtp.isTls,
      secure: smtp.isTls,
      requireTLS: smtp.needsStartTls,
      ...(isAddress(smtp.host) ? {} : { servername: smtp.host }),
    });
    const ask = asker(connection);
    const open = connection;
    await deadline.race(ask((done) => open.connect(done)));
    const { login } = smtp;
    if (login) await deadline.race(ask((done) => open.login({ user: login.user, pass: login.password }, done)));
    const message = await compose(mail, smtp.from);
    await deadline.race(ask((done) => open.send({ from: mailboxOf(smtp.from), to: [mail.to] }, message, done)));
    open.quit();
  } catch (error) {
    throw toMailError(error);
  } finally {
    deadline.end();
    // A late word of a connection that is done with has no reader.
    connection?.on("error", () => undefined).close();
  }
}
