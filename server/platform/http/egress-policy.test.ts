import { describe, expect, test } from "vitest";
import { createEgressPolicy, parseAllowEntry } from "./egress-policy.ts";
import { createOutbound } from "./guarded.ts";
import { OutboundError } from "./outbound.ts";

/** Spellings of forbidden destinations; each must be refused before any socket opens. */
const FORBIDDEN = [
  "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/",
  "http://0177.0.0.1/", "http://127.0.0.1./", "http://１２７.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://127.255.255.254/",
  "http://0/", "http://0.0.0.0/", "http://0.1.2.3/", "http://255.255.255.255/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/",
  "http://10.0.0.5/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.254/", "http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/",
  "http://0xa9fea9fe/", "http://2852039166/", "http://169.254.170.2/", "http://100.64.0.1/", "http://100.100.100.200/", "http://168.63.129.16/", "http://192.0.0.192/",
  "http://192.0.2.1/", "http://198.18.0.1/", "http://198.19.255.255/", "http://198.51.100.7/", "http://203.0.113.9/", "http://192.88.99.1/",
  "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:a00:5]/", "http://[::127.0.0.1]/",
  "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b:1::a00:1]/", "http://[2002:a9fe:a9fe::]/", "http://[2002:7f00:1::1]/",
  "http://[2002:c0a8:101::1]/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/", "http://[::ffff:0:127.0.0.1]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[fd12:3456::1]/",
  "http://[fe80::1]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[100::1]/", "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[5f00::1]/", "http://[2001:20::1]/",
  "http://localhost/", "http://localhost./", "http://LOCALHOST/", "http://app.localhost/", "http://user@127.0.0.1/", "http://user:pass@example.com/", "http://example.com@127.0.0.1/",
  "http://127.0.0.1:25/", "http://93.184.215.14:25/", "http://93.184.215.14:6667/", "ftp://93.184.215.14/", "file:///etc/passwd", "gopher://93.184.215.14/", "data:text/plain,x",
];
const UNREADABLE = ["http://[fe80::1%25eth0]/", "http://a@b@c:x/", "http://", "http://exa mple.com/", "http://[::1", "not an address", "http://1.2.3.4.5/", "http://256.1.1.1/"];

const failureOf = async (work: Promise<unknown>): Promise<OutboundError> => {
  const error = await work.then(() => new Error("was allowed"), (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
};
const call = (url: string) => ({ url, timeoutMs: 2_000, maxBodyBytes: 1_000 });

describe("the guard refuses", () => {
  const outbound = createOutbound();
  test.each(FORBIDDEN)("%s", async (url) => {
    expect((await failureOf(outbound.request(call(url)))).failure).toBe("blocked");
  });
  test.each(UNREADABLE)("unreadable %j", async (url) => {
    expect((await failureOf(outbound.request(call(url)))).failure).toBe("protocol");
  });
  test("addresses longer than 2,048 characters", async () => {
    expect((await failureOf(outbound.request(call(`http://a.example/${"x".repeat(2_048)}`)))).failure).toBe("blocked");
  });
  test("tabs and newlines do not hide a host", async () => {
    expect((await failureOf(outbound.request(call("http://127.0\t.0\n.1/")))).failure).toBe("blocked");
  });
  test.each(["127.1", "2130706433", "0x7f.1", "[::1]", "::ffff:127.0.0.1", "localhost"])("sockets to %s", async (host) => {
    expect((await failureOf(outbound.resolve(host, 5_432))).failure).toBe("blocked");
  });
  test.each(["/var/run/postgresql", "a/b", "fe80::1%eth0", "", "a b", "@abstract"])("hosts such as %j for sockets", async (host) => {
    expect((await failureOf(outbound.resolve(host, 5_432))).failure).toBe("protocol");
  });
});

describe("names", () => {
  const answering = (...lists: string[][]) => {
    let asked = 0;
    const outbound = createOutbound({
      lookup: async () => (lists[Math.min(asked++, lists.length - 1)] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    });
    return { outbound, asked: () => asked };
  };

  test("one forbidden answer among several refuses the name", async () => {
    for (const answers of [["93.184.215.14", "10.0.0.5"], ["10.0.0.5", "93.184.215.14"], ["93.184.215.14", "::1"], ["2606:2800::1", "169.254.169.254"]]) {
      const error = await failureOf(answering(answers).outbound.request(call("http://many.example/")));
      expect(error.failure).toBe("blocked");
    }
  });
  test("a name is asked for once: the second, rebound answer is never seen", async () => {
    const { outbound, asked } = answering(["93.184.215.14"], ["127.0.0.1"]);
    expect(await outbound.resolve("rebind.example", 443)).toEqual({ host: "rebind.example", address: "93.184.215.14", family: 4, port: 443 });
    expect(asked()).toBe(1);
    expect((await failureOf(outbound.resolve("rebind.example", 443))).message).toBe("blocked by egress policy: 127.0.0.1 is loopback");
  });
  test("names like 127.0.0.1.nip.io are judged by their answer", async () => {
    expect((await failureOf(answering(["127.0.0.1"]).outbound.request(call("http://127.0.0.1.nip.example/")))).failure).toBe("blocked");
  });
  test("an unknown name and a silent name server are told apart", async () => {
    const failing = (code: string) => createOutbound({ lookup: () => Promise.reject(Object.assign(new Error(code), { code })) });
    expect((await failureOf(failing("ENOTFOUND").resolve("gone.example", 80))).message).toBe("gone.example does not resolve");
    expect((await failureOf(failing("EAI_AGAIN").resolve("gone.example", 80))).message).toBe("the name server gave no answer for gone.example");
    expect((await failureOf(answering([]).outbound.resolve("none.example", 80))).failure).toBe("dns");
  });
  test("a resolver that never answers costs no more than the limit and reads as its own fault", async () => {
    const outbound = createOutbound({ lookup: () => new Promise(() => undefined) });
    const error = await failureOf(outbound.request({ url: "http://silent.example/", timeoutMs: 100, maxBodyBytes: 1 }));
    expect([error.failure, error.message]).toEqual(["dns", "the name was not resolved within 100 ms"]);
  });
});

describe("EGRESS_ALLOW", () => {
  const refusal = (allow: string[], host: string, at: { address?: string; port?: number } = {}) =>
    createEgressPolicy({ allow }).refusal({ host, address: at.address ?? host, port: at.port ?? 80 });

  test.each([
    [["10.0.0.0/8"], "10.0.0.5", {}, true],
    [["10.0.0.0/8"], "11.0.0.5", {}, true],
    [["10.0.0.0/8"], "192.168.0.1", {}, false],
    [["10.0.0.5:8080"], "10.0.0.5", { port: 8080 }, true],
    [["10.0.0.5:8080"], "10.0.0.5", { port: 80 }, false],
    [["10.0.0.0/8:8080"], "10.0.0.5", { port: 8080 }, true],
    [["db.internal"], "db.internal", { address: "10.0.0.5" }, true],
    [["DB.internal."], "db.internal.", { address: "10.0.0.5" }, true],
    [["db.internal:5432"], "db.internal", { address: "10.0.0.5", port: 80 }, false],
    [["db.internal"], "other.internal", { address: "10.0.0.5" }, false],
    [["10.0.0.0/8"], "::ffff:10.0.0.5", {}, true],
    [["fd00::/8"], "fd00::5", {}, true],
    [["[fd00::1]:443"], "fd00::1", { port: 443 }, true],
    [["[fd00::1]:443"], "fd00::1", { port: 80 }, false],
    [["::1"], "::1", {}, true],
    [["0.0.0.0/0"], "169.254.169.254", {}, false],
    [["169.254.0.0/16"], "169.254.169.254", {}, false],
    [["169.254.169.254"], "169.254.169.254", {}, true],
    [["169.254.169.254/32:80"], "169.254.169.254", { port: 81 }, false],
    [["metadata.internal"], "metadata.internal", { address: "169.254.169.254" }, false],
    [["0.0.0.0/0"], "100.100.100.200", {}, false],
    [["0.0.0.0/0"], "168.63.129.16", {}, false],
    [["::/0"], "fd00:ec2::254", {}, false],
    [["fd00:ec2::254"], "fd00:ec2::254", {}, true],
    [["::/0", "0.0.0.0/0"], "64:ff9b::a9fe:a9fe", {}, false],
  ] as const)("%j to %s %j: allowed %s", (...row) => {
    const [allow, host, at, isAllowed] = row;
    expect(refusal([...allow], host, at) === null).toBe(isAllowed);
  });

  test.each(["10.0.0.0/33", "10.0.0/8x", "host:0", "host:70000", "http://x", "a b", "", "::1/129", "300.1.1.1", "*"])("refuses the entry %j", (entry) => {
    expect(parseAllowEntry(entry)).toBeNull();
    expect(() => createEgressPolicy({ allow: [entry] })).toThrow("unreadable");
  });

  test("the console's own database and this machine's addresses are refused like private ones", () => {
    const policy = createEgressPolicy({ allow: [], own: [{ host: "db.example", port: 5_432 }] });
    expect(policy.refusal({ host: "db.example", address: "93.184.215.14", port: 5_432 })).toContain("belongs to this console");
    expect(policy.refusal({ host: "db.example", address: "93.184.215.14", port: 443 })).toBeNull();
  });
});
