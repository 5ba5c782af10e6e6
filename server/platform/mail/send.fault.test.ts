/** Mail against a mail server that takes, refuses, stalls, hangs up or is forbidden. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { createOutbound } from "../http/guarded.ts";
import { MailError, sendMail, type Mail } from "./send.ts";
import { readSmtp, type SmtpSettings } from "./settings.ts";
import { smtpSink, type Sink } from "./testing/smtp-sink.ts";

const FROM = "Seaworthy <ops@example.com>";
const MAIL: Mail = { to: "noor@example.com", subject: "Grüße vom Hafen", text: "First line\n.\nA line that began with a point is above.\n" };
const allowed = { http: createOutbound({ allow: ["127.0.0.1"] }), now: systemClock };
let sink: Sink | undefined;

async function settings(login = "", tls?: { key: string; cert: string }): Promise<SmtpSettings> {
  sink = await smtpSink(tls);
  const found = readSmtp(`${tls ? "smtps" : "smtp"}://${login}127.0.0.1:${sink.port}`, FROM);
  if (!found) throw new Error("unreadable");
  return found;
}

afterEach(() => sink?.close());

const failureOf = (work: Promise<void>): Promise<MailError> => work.then(() => Promise.reject(new Error("it was sent")), (error: MailError) => error);

describe("a message", () => {
  test("arrives with sender, recipient, subject and text", async () => {
    await sendMail(allowed, await settings("ops:hunter%202:x@"), MAIL);
    const [received] = sink?.received ?? [];
    expect(received).toMatchObject({ from: "ops@example.com", to: ["noor@example.com"], login: "ops:hunter 2:x" });
    expect(received?.source).toContain("From: Seaworthy <ops@example.com>");
    expect(received?.source).toContain("Subject: =?UTF-8?");
    expect(received?.source).toContain("First line\n..\nA line that began");
  });

  test("cannot smuggle headers or recipients in", async () => {
    await sendMail(allowed, await settings(), { to: "noor@example.com", subject: "Hello\r\nBcc: mallory@example.com", text: "x" });
    const [received] = sink?.received ?? [];
    expect(received?.to).toEqual(["noor@example.com"]);
    expect(received?.source).not.toMatch(/^Bcc:/m);
  });
});

describe("a message is not sent, and says why, when the server", () => {
  test.each([
    { name: "is busy", mood: "busy", isFinal: false, words: /451/ },
    { name: "knows no such mailbox", mood: "refuses", isFinal: true, words: /550/ },
    { name: "loses its answer", mood: "drops answer", isFinal: false, words: /broke off/ },
  ] as const)("$name", async ({ mood, isFinal, words }) => {
    const smtp = await settings();
    sink?.set(mood);
    const failure = await failureOf(sendMail(allowed, smtp, MAIL));
    expect(failure).toBeInstanceOf(MailError);
    expect(failure).toMatchObject({ isFinal, message: expect.stringMatching(words) });
  });

  test("refuses the password", async () => {
    expect(await failureOf(sendMail(allowed, await settings("ops:wrong@"), MAIL))).toMatchObject({ isFinal: true, message: expect.stringContaining("535") });
  });

  test("says nothing, for as long as the caller waits", async () => {
    const smtp = await settings();
    sink?.set("silent");
    const stop = new AbortController();
    const sending = failureOf(sendMail({ ...allowed, signal: stop.signal }, smtp, MAIL));
    stop.abort();
    expect(await sending).toMatchObject({ isFinal: false, message: expect.stringContaining("could not be reached") });
  });

  test("offers no STARTTLS but must", async () => {
    const smtp = { ...(await settings()), needsStartTls: true };
    expect(await failureOf(sendMail(allowed, smtp, MAIL))).toMatchObject({ message: expect.stringMatching(/STARTTLS|TLS|broke off|answered/) });
    expect(sink?.received).toEqual([]);
  });

  test("shows a certificate that nobody vouches for", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "smtp-"));
    const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1"], { stdio: "ignore" });
    const smtp = await settings("", { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") });
    expect(await failureOf(sendMail(allowed, smtp, MAIL))).toMatchObject({ isFinal: false, message: expect.stringContaining("certificate") });
    expect(sink?.received).toEqual([]);
  });

  test("is at a private address that nobody allowed (T10)", async () => {
    const failure = await failureOf(sendMail({ http: createOutbound({ allow: [] }), now: systemClock }, await settings(), MAIL));
    expect(failure.message).toMatch(/could not be reached: .*(blocked|not allowed|private|loopback)/i);
    expect(sink?.received).toEqual([]);
  });
});
