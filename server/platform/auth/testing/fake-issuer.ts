/** A small OpenID Connect issuer on 127.0.0.1 for tests, which lies on request. */
import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Claims = Record<string, unknown>;

/** How the next token lies. */
export type Lie = {
  claims?: Claims;
  header?: Claims;
  /** Signs with another key than the published one. */
  foreignKey?: boolean;
  /** Replaces the whole token. */
  token?: string;
  tokenStatus?: number;
  userinfo?: Claims;
};

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** Starts the issuer. `person` is who signs in next; `authorize` plays the browser's visit and returns the way back. */
export async function startFakeIssuer(client: { id: string; secret: string }) {
  const pair = () => generateKeyPairSync("rsa", { modulusLength: 2_048 });
  let [keys, kid] = [pair(), "k1"];
  const foreign = pair();
  const grants = new Map<string, URLSearchParams>();
  const state = { person: {} as Claims, lie: {} as Lie, calls: [] as string[], isAway: false };
  let issuer = "";

  const signed = (claims: Claims, key: KeyObject, header: Claims) => {
    const text = `${part({ alg: "RS256", kid, typ: "JWT", ...header })}.${part(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
  };
  const tokenFor = (grant: URLSearchParams, now: number) => {
    const claims = { iss: issuer, aud: client.id, exp: now + 300, iat: now, nonce: grant.get("nonce"), ...state.person, ...state.lie.claims };
    return state.lie.token ?? signed(claims, state.lie.foreignKey ? foreign.privateKey : keys.privateKey, state.lie.header ?? {});
  };
  const answerToken = async (request: IncomingMessage): Promise<[number, Claims]> => {
    const form = await bodyOf(request);
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}`;
    const proves = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url") === grant?.get("code_challenge");
    if (!grant || !proves || request.headers.authorization !== basic || form.get("redirect_uri") !== grant.get("redirect_uri")) return [400, { error: "invalid_grant" }];
    return [state.lie.tokenStatus ?? 200, { id_token: tokenFor(grant, Number(grant.get("now"))), access_token: "at", token_type: "Bearer" }];
  };
  const answers: Record<string, (request: IncomingMessage) => Promise<[number, unknown]> | [number, unknown]> = {
    "/.well-known/openid-configuration": () => [200, { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`, userinfo_endpoint: `${issuer}/userinfo` }],
    "/keys": () => [200, { keys: [{ kty: "oct", k: "AA" }, { ...keys.publicKey.export({ format: "jwk" }), kid, use: "sig" }] }],
    "/userinfo": () => [200, { sub: state.person.sub, ...state.lie.userinfo }],
    "/token": answerToken,
  };
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    state.calls.push(path);
    const answer = state.isAway ? undefined : answers[path];
    void Promise.resolve(answer ? answer(request) : [503, { error: "away" }] as [number, unknown]).then(([status, body]) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    state,
    /** Signs with a new key under a new id from now on. */
    rotate: () => {
      [keys, kid] = [pair(), randomUUID()];
    },
    /** The person agrees: returns the query that the browser carries back. */
    authorize: (location: string, now: Date): URLSearchParams => {
      const asked = new URL(location).searchParams;
      const code = randomUUID();
      asked.set("now", String(Math.floor(now.getTime() / 1_000)));
      grants.set(code, asked);
      return new URLSearchParams({ code, state: asked.get("state") ?? "" });
    },
    publicJwk: () => keys.publicKey.export({ format: "jwk" }),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
