/** Addresses that no outbound call may reach, in every spelling, and a listener that counts who reached it all the same. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import type { Lookup } from "../resolver.ts";

/** Spellings that URLs of any scheme carry unchanged, and names whose answers are forbidden. */
export const FORBIDDEN_HOSTS = [
  "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.5", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255",
  "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::1]", "[fd00:ec2::254]", "[fc00::1]", "[fe80::1]", "[fec0::1]",
  "localhost", "localhost.", "app.localhost", "2130706433", "0x7f000001", "017700000001", "127.1", "private.example", "both.example", "metadata.example",
];
const ANSWERS: Record<string, string[]> = { "private.example": ["10.0.0.5"], "both.example": ["93.184.215.14", "127.0.0.1"], "metadata.example": ["169.254.169.254"] };

/** A name server for the names above, with addresses of other names refused. */
export const forbiddenLookup: Lookup = async (host) => {
  const answers = ANSWERS[host] ?? (/localhost\.?$/.test(host) ? ["127.0.0.1", "::1"] : null);
  if (answers) return answers.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  // Numbers are names to drivers that do not parse URLs; the system's resolver would read them as addresses.
  if (/^[0-9a-fx.]+$/i.test(host)) return [{ address: "127.0.0.1", family: 4 }];
  throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
};

/** Listens on every address of this machine and hangs up on whoever connects. */
export async function countingListener(): Promise<{ port: number; connections: () => number; close: () => void }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, connections: () => connections, close: () => void server.close() };
}
