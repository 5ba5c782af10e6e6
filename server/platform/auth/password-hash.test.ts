import { describe, expect, it } from "vitest";
import { hashPassword, parsePhc, verifyPassword } from "./password-hash.ts";

describe("password hash", () => {
  it("is argon2id with OWASP's parameters, and verifies", async () => {
    const hash = await hashPassword("a harbour at low tide");
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword("a harbour at low tide", hash)).toBe(true);
    expect(await verifyPassword("a harbour at low tidE", hash)).toBe(false);
    expect(await hashPassword("a harbour at low tide")).not.toBe(hash);
  });

  it("treats composed and decomposed letters alike", async () => {
    expect(await verifyPassword("cafe\u0301 at the quay", await hashPassword("caf\u00e9 at the quay"))).toBe(true);
  });

  it.each([null, "", "plain", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA"])("matches nothing for stored %j", async (stored) => {
    expect(await verifyPassword("whatever it was", stored)).toBe(false);
  });

  it("spends as much on an unknown account as on a wrong password", async () => {
    const hash = await hashPassword("a harbour at low tide");
    // Processor time of the whole process: how busy the machine is does not count.
    const cost = async (stored: string | null) => {
      const before = process.cpuUsage();
      for (let i = 0; i < 4; i++) await verifyPassword("wrong wrong wrong", stored);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const ratio = (await cost(null)) / (await cost(hash));
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });
});

describe("parsePhc", () => {
  it.each([
    "$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
    "$argon2id$v=19$m=19456,t=99,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
    "$argon2id$v=19$m=4,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
    "$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0",
  ])("refuses %s", (text) => {
    expect(parsePhc(text)).toBeNull();
  });

  it("reads parameters, salt and hash", () => {
    expect(parsePhc("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA")).toEqual({
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      salt: Buffer.from("saltsaltsalt"),
      hash: Buffer.from("hashhashhashhash"),
    });
  });
});
