/** Mail against a mail server that takes, refuses, stalls, hangs up or is forbidden. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { createOutbound } from "../http/guarded.ts";
import { MailError, sendMail, type Mail } from "./send.ts";
import { readSmtp, type SmtpSettings } from "./settings.ts";
import { smtpSink, type Sink, type SinkTls } from "./testing/smtp-sink.ts";

const FROM = "Seaworthy <ops@example.com>";
const MAIL: Mail = { to: "noor@example.com", subject: "Grüße vom Hafen", text: "First line\n.\nA line that began with a point is above.\n" };
const allowed = { http: createOutbound({ allow: ["127.0.0.1"], lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) }), now: systemClock };
let sink: Sink | undefined;

async function settings(login = "", tls?: SinkTls, host = "127.0.0.1"): Promise<SmtpSettings> {
  sink = await smtpSink(tls);
  const found = readSmtp(`${tls && tls.isOnRequest !== true ? "smtps" : "smtp"}://${login}${host}:${sink.port}`, FROM);
  if (!found) throw new Error("unreadable");
  return found;
}

/** What a mail server may show: signed by a trusted authority, by nobody, or for another name. */
const pairs: Record<"trusted" | "stranger" | "other", { key: string; cert: string }> = { trusted: { key: "", cert: "" }, stranger: { key: "", cert: "" }, other: { key: "", cert: "" } };

beforeAll(() => {
  const folder = mkdtempSync(path.join(tmpdir(), "smtp-"));
  const read = (file: string) => readFileSync(path.join(folder, file), "utf8");
  for (const [name, host] of [["trusted", "mail.test"], ["stranger", "mail.test"], ["other", "elsewhere.test"]] as const) {
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "2", "-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`], { cwd: folder, stdio: "ignore" });
    pairs[name] = { key: read(`${name}.key`), cert: read(`${name}.pem`) };
  }
  // As NODE_EXTRA_CA_CERTS does for the product.
  setDefaultCACertificates([...getCACertificates("default"), pairs.trusted.cert, pairs.other.cert]);
  rmSync(folder, { recursive: true });
});
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

  test.each([
    { name: "over STARTTLS, which a password demands", isOnRequest: true },
    { name: "over TLS from the start", isOnRequest: false },
  ])("arrives $name", async ({ isOnRequest }) => {
    const smtp = await settings("ops:secret@", { ...pairs.trusted, isOnRequest }, "mail.test");
    expect(smtp).toMatchObject({ isTls: !isOnRequest, needsStartTls: isOnRequest });
    await sendMail(allowed, smtp, MAIL);
    expect(sink?.received).toMatchObject([{ to: ["noor@example.com"], login: "ops:secret", isEncrypted: true }]);
  });

  test("arrives over STARTTLS wherever a server offers it, though nothing demands it", async () => {
    await sendMail(allowed, await settings("", { ...pairs.trusted, isOnRequest: true }, "mail.test"), MAIL);
    expect(sink?.received).toMatchObject([{ isEncrypted: true }]);
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

  test.each([
    { name: "nobody vouches for, with TLS from the start", pair: "stranger", isOnRequest: false },
    { name: "nobody vouches for, after STARTTLS", pair: "stranger", isOnRequest: true },
    { name: "names somebody else, with TLS from the start", pair: "other", isOnRequest: false },
    { name: "names somebody else, after STARTTLS", pair: "other", isOnRequest: true },
  ] as const)("shows a certificate that $name", async ({ pair, isOnRequest }) => {
    const smtp = await settings("ops:secret@", { ...pairs[pair], isOnRequest }, "mail.test");
    expect(await failureOf(sendMail(allowed, smtp, MAIL))).toMatchObject({ message: expect.stringMatching(/certificate|altnames/i) });
    expect(sink?.received).toEqual([]);
  });

  test("is at a private address that nobody allowed (T10)", async () => {
    const failure = await failureOf(sendMail({ http: createOutbound({ allow: [] }), now: systemClock }, await settings(), MAIL));
    expect(failure.message).toMatch(/could not be reached: .*(blocked|not allowed|private|loopback)/i);
    expect(sink?.received).toEqual([]);
  });
});
