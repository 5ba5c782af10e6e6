import { describe, expect, test } from "vitest";
import { readSmtp, SENDER } from "./settings.ts";

describe("the mail server's address", () => {
  test.each([
    ["smtp://mail.example.com", { host: "mail.example.com", port: 587, isTls: false, needsStartTls: false, login: null }],
    ["smtps://mail.example.com", { port: 465, isTls: true, needsStartTls: false }],
    ["smtp://ops:p%40ss@mail.example.com:25", { port: 25, needsStartTls: true, login: { user: "ops", password: "p@ss" } }],
    ["smtp://ops:x@127.0.0.1:2525", { host: "127.0.0.1", port: 2525, needsStartTls: false }],
    ["smtp://mail.example.com?starttls=required", { needsStartTls: true }],
    ["smtp://[::1]:2525", { host: "::1", port: 2525 }],
  ])("%s is read", (text, parts) => expect(readSmtp(text, "a@b.example")).toMatchObject(parts));

  test.each(["", "mail.example.com", "http://mail.example.com", "smtp://", "smtp:"])("%j is none", (text) => expect(readSmtp(text, "a@b.example")).toBeNull());
});

describe("the sender", () => {
  test.each(["ops@example.com", "Seaworthy <ops@example.com>"])("%s is one", (text) => expect(SENDER.test(text)).toBe(true));
  test.each(["ops", "ops@", "A <a@b.example>, B <c@d.example>", "a@b.example\r\nBcc: c@d.example", "a b@c.example"])("%j is none", (text) => expect(SENDER.test(text)).toBe(false));
});
