import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientAddress, isLoopback, limitKey, normalizeAddress, parseTrusted } from "./address.ts";

const proxies = parseTrusted(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);

describe("client address", () => {
  test.each<{ why: string; peer: string; header?: string; is: string }>([
    { why: "no proxy, no header", peer: "203.0.113.5", is: "203.0.113.5" },
    { why: "a stranger's header is ignored", peer: "203.0.113.5", header: "6.6.6.6", is: "203.0.113.5" },
    { why: "a stranger's long header is ignored", peer: "203.0.113.5", header: "127.0.0.1, 10.0.0.1", is: "203.0.113.5" },
    { why: "a trusted proxy reports its caller", peer: "10.0.0.1", header: "198.51.100.7", is: "198.51.100.7" },
    { why: "what the caller claimed before it is ignored", peer: "10.0.0.1", header: "6.6.6.6, 198.51.100.7", is: "198.51.100.7" },
    { why: "trusted hops are skipped from the right", peer: "10.0.0.1", header: "6.6.6.6, 198.51.100.7, 10.0.0.9, 10.0.0.8", is: "198.51.100.7" },
    { why: "a chain of nothing but proxies ends at the first", peer: "10.0.0.1", header: "10.0.0.3, 10.0.0.2", is: "10.0.0.3" },
    { why: "a trusted proxy without a header is itself the caller", peer: "10.0.0.1", is: "10.0.0.1" },
    { why: "an empty header changes nothing", peer: "10.0.0.1", header: "", is: "10.0.0.1" },
    { why: "nonsense ends the chain at what was certain", peer: "10.0.0.1", header: "6.6.6.6, <script>", is: "10.0.0.1" },
    { why: "nonsense after a trusted hop keeps that hop", peer: "10.0.0.1", header: "unknown, 10.0.0.2", is: "10.0.0.2" },
    { why: "a mapped peer is its IPv4 address", peer: "::ffff:10.0.0.1", header: "198.51.100.7", is: "198.51.100.7" },
    { why: "a mapped hop is its IPv4 address", peer: "10.0.0.1", header: "::ffff:198.51.100.7", is: "198.51.100.7" },
    { why: "a hop may carry a port", peer: "10.0.0.1", header: "198.51.100.7:4711", is: "198.51.100.7" },
    { why: "a hop may be a bracketed IPv6 address with a port", peer: "fd00::1", header: "[2001:DB8::1]:443", is: "2001:db8::1" },
    { why: "an IPv6 peer outside the ranges is the caller", peer: "2001:db8::2", header: "6.6.6.6", is: "2001:db8::2" },
    { why: "octal and short spellings are no addresses", peer: "10.0.0.1", header: "010.1", is: "10.0.0.1" },
  ])("$why", ({ peer, header, is }) => {
    expect(clientAddress(peer, header, proxies)).toBe(is);
  });

  test("no header makes a stranger someone else", () => {
    fc.assert(fc.property(fc.string(), (header) => {
        expect(clientAddress("203.0.113.5", header, proxies)).toBe("203.0.113.5");
      }));
  });

  test("whatever stands left of the last untrusted hop changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { maxLength: 40 }), (claimed) => {
        expect(clientAddress("10.0.0.1", [...claimed, "198.51.100.7"].join(", "), proxies)).toBe("198.51.100.7");
      }),
    );
  });

  test("refuses a list that holds something else", () => {
    expect(() => parseTrusted(["10.0.0.0/8", "proxy.local"])).toThrow('"proxy.local" is neither an address nor a CIDR');
  });
});

test("limits count an IPv6 customer by /64 and an IPv4 address by itself", () => {
  expect(limitKey("203.0.113.5")).toBe("203.0.113.5");
  expect(limitKey("::ffff:203.0.113.5")).toBe("203.0.113.5");
  expect(limitKey("2001:db8:1:2:aaaa::1")).toBe(limitKey("2001:db8:1:2:bbbb::9"));
  expect(limitKey("2001:db8:1:2::1")).not.toBe(limitKey("2001:db8:1:3::1"));
});

test("one spelling per address", () => {
  expect(["::FFFF:1.2.3.4", "[::1]", "fe80::1%eth0", "2001:0db8::0001", "nonsense", "1.2.3"].map(normalizeAddress)).toEqual(["1.2.3.4", "::1", "fe80::1", "2001:db8::1", null, null]);
  expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.0.0.1", ""].map(isLoopback)).toEqual([true, true, true, true, false, false]);
});
