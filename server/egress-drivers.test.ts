/** The guard's vectors through the drivers that are no checks: mail, object stores, issuers of sign-ins, databases to back up. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { resolvePostgres } from "./backups/engines/postgres/address.ts";
import { S3StoreConfig } from "./backups/schema/store-config.ts";
import { openStore } from "./backups/stores/open.ts";
import { discover } from "./platform/auth/oidc/issuer.ts";
import { systemClock } from "./platform/clock.ts";
import { createOutbound } from "./platform/http/guarded.ts";
import type { Outbound } from "./platform/http/outbound.ts";
import { countingListener, FORBIDDEN_HOSTS, forbiddenLookup } from "./platform/http/testing/forbidden.ts";
import { sendMail } from "./platform/mail/send.ts";
import { readSmtp } from "./platform/mail/settings.ts";
import type { Db } from "./platform/db.ts";
import { testContext } from "./platform/testing/context.ts";

type Drive = (http: Outbound, host: string, port: number) => Promise<unknown>;

const bucket = (host: string, port: number) => S3StoreConfig.parse({ kind: "s3", endpoint: `http://${host}:${port}`, bucket: "backups", accessKeyId: "key", secretAccessKey: "secret" });

async function mail(http: Outbound, address: string): Promise<void> {
  const smtp = readSmtp(address, "ops@example.com");
  if (!smtp) throw new Error("unreadable");
  await sendMail({ http, now: systemClock }, smtp, { to: "noor@example.com", subject: "x", text: "x" });
}

const DRIVERS: Record<string, Drive> = {
  "mail with STARTTLS": (http, host, port) => mail(http, `smtp://${host}:${port}`),
  "mail with TLS": (http, host, port) => mail(http, `smtps://${host}:${port}`),
  "object store": async (http, host, port) => (await openStore(bucket(host, port), { http, now: systemClock })).get("x"),
  "issuer of sign-ins": (http, host, port) => discover(testContext({ db: {} as Db, http }), `http://${host}:${port}`),
  "database to back up": (http, host, port) => resolvePostgres({ url: `postgresql://u:p@${host}:${port}/db`, reach: "guarded" }, { http }),
};

/** Every message of an error and its causes. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.message} ${wordsOf(error.cause)}` : "";
}

describe.each(Object.entries(DRIVERS))("%s", (_name, drive) => {
  // One for each driver: an object store that is tried again must not be counted as another's call.
  let listener: Awaited<ReturnType<typeof countingListener>>;
  beforeAll(async () => {
    listener = await countingListener();
  });
  afterAll(() => listener.close());

  test.each(FORBIDDEN_HOSTS)("%s is blocked before any socket opens", async (host) => {
    const before = listener.connections();
    const problem = await drive(createOutbound({ lookup: forbiddenLookup }), host, listener.port).then(() => "it was let through", wordsOf);
    expect(problem).toMatch(/blocked/i);
    expect(listener.connections()).toBe(before);
  });

  test("an administrator's entry opens exactly what it names", async () => {
    const http = createOutbound({ lookup: forbiddenLookup, granted: () => Promise.resolve([`127.0.0.1:${listener.port}`]) });
    const refusal = await drive(http, "127.0.0.2", listener.port).then(() => "it was let through", wordsOf);
    expect(refusal).toMatch(/blocked/i);
    const before = listener.connections();
    // An object store that hangs up is tried again and again: that somebody came is answer enough.
    const reached = vi.waitFor(() => expect(listener.connections()).toBeGreaterThan(before)).then(() => "it was let through");
    expect(await Promise.race([reached, drive(http, "127.0.0.1", listener.port).then(() => "it was let through", wordsOf)])).not.toMatch(/blocked/i);
  });
});
