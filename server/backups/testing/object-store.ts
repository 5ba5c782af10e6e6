/** An object store on this machine behind a door of the test's own: calls pass, are refused, or lose their answer on the way back. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import S3rver from "s3rver";
import type { S3StoreConfig } from "../schema/store-config.ts";

const BUCKET = "backups";

/** `pass`; `refuse`: the store says no and does nothing; `lose`: the store does it, and its answer never arrives. */
export type Verdict = "pass" | "refuse" | "lose";

/** A call as the door sees it: `key` without the bucket, `nth` counts calls of this method from 1. */
export type Call = { method: string; key: string; query: string; nth: number };

export type ObjectStore = {
  config: (prefix: string) => S3StoreConfig;
  /** Judges every call from now on, and forgets those counted before. */
  judge: (rule: (call: Call) => Verdict) => void;
  close: () => Promise<void>;
};

/** Starts a store that keeps its objects in `directory`. */
export async function startObjectStore(directory: string): Promise<ObjectStore> {
  const s3 = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory, configureBuckets: [{ name: BUCKET, configs: [] }] });
  const behind = (await s3.run()).port;
  let rule: (call: Call) => Verdict = () => "pass";
  let counts = new Map<string, number>();

  function forward(incoming: IncomingMessage, response: ServerResponse, verdict: Verdict): void {
    const outgoing = request({ host: "127.0.0.1", port: behind, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      if (verdict === "lose") {
        answer.resume().once("end", () => incoming.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    outgoing.once("error", () => incoming.socket.destroy());
    incoming.pipe(outgoing);
  }

  const door = createServer((incoming, response) => {
    const method = incoming.method ?? "";
    const url = new URL(incoming.url ?? "/", "http://door");
    const nth = (counts.get(method) ?? 0) + 1;
    counts.set(method, nth);
    const verdict = rule({ method, key: decodeURIComponent(url.pathname.slice(BUCKET.length + 2)), query: url.search, nth });
    if (verdict !== "refuse") return forward(incoming, response, verdict);
    incoming.resume().once("end", () => response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>"));
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const { port } = door.address() as AddressInfo;
  return {
    config: (prefix) => ({ kind: "s3", endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", bucket: BUCKET, prefix, accessKeyId: "S3RVER", secretAccessKey: "S3RVER", pathStyle: true }),
    judge: (next) => {
      rule = next;
      counts = new Map();
    },
    close: async () => {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await s3.close();
    },
  };
}
