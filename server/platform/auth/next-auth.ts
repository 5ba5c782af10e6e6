/**
 * next-auth behind our own door: it makes and reads the session cookie and checks the CSRF token; who may sign in, and
 * which sessions live, the given operations decide. Answers never name a host, so the console works behind any; only a
 * path of this console is honoured as the place to go to. Failures are JSON `{ error: { code, message, … } }`.
 */
import NextAuthModule, { type AuthOptions } from "next-auth";
import CredentialsModule from "next-auth/providers/credentials";
import { SECOND_MS } from "../clock.ts";
import { config } from "../config.ts";
import type { Context } from "../context.ts";
import { AppError, HTTP_STATUS, toAppError } from "../errors.ts";
import { logger } from "../logger.ts";
import { actorOfSession } from "./actor.ts";
import { safePath } from "./safe-path.ts";
import { authCookies, isSecureAddress, readCookie, SESSION_ABSOLUTE_MS } from "./session-token.ts";

/** What signing in and out means; both throw AppError. */
export type AuthOperations = {
  signIn: (ctx: Context, input: { email: string; password: string; code?: string }) => Promise<{ sessionId: string }>;
  signOut: (ctx: Context, sessionId: string) => Promise<void>;
};

/** Node hands a CommonJS module over whole, bundlers hand over its default. */
function defaultOf<T extends object>(module: T): T {
  return "default" in module ? (module.default as T) : module;
}

const FORM = "application/x-www-form-urlencoded";
const MAX_FORM_CHARACTERS = 8_192;
const ANY_HOST = "http://console.invalid";

type Failure = { error: AppError | null };

function options(ctx: Context, operations: AuthOperations, failure: Failure): AuthOptions {
  const note = (error: unknown): never => {
    failure.error = toAppError(error);
    if (failure.error.code === "internal") ctx.log.error({ err: error }, "signing in or out failed");
    throw failure.error;
  };
  return {
    secret: config().AUTH_SECRET,
    useSecureCookies: isSecureAddress(),
    cookies: authCookies(isSecureAddress()),
    session: { strategy: "jwt", maxAge: SESSION_ABSOLUTE_MS / SECOND_MS },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [
      defaultOf(CredentialsModule)({
        credentials: { email: {}, password: {}, code: {} },
        authorize: async (given) => {
          const input = { email: given?.email ?? "", password: given?.password ?? "", code: given?.code || undefined };
          return { id: (await operations.signIn(ctx, input).catch(note)).sessionId };
        },
      }),
    ],
    callbacks: {
      jwt: async ({ token, user }) => {
        if (user) return { sid: user.id };
        const actor = await actorOfSession(String(token.sid), ctx).catch(note);
        if (!actor) throw new AppError("unauthorized", "This session has ended.");
        return { sid: actor.sessionId };
      },
      session: async ({ session, token }) => {
        const actor = await actorOfSession(String(token.sid), ctx).catch(note);
        return { ...session, user: { name: actor?.name, email: actor?.email } };
      },
      redirect: ({ url, baseUrl }) => `${baseUrl}${safePath(url)}`,
    },
    events: { signOut: ({ token }) => operations.signOut(ctx, String(token.sid)).catch(note) },
    logger: {
      error: (code) => ctx.log.debug({ code }, "next-auth refused"),
      warn: (code) => ctx.log.debug({ code }, "next-auth warned"),
      debug: () => undefined,
    },
  };
}

/** Collects what next-auth answers, in the shape of Next's older response object. */
class Collected {
  status_ = 200;
  body: string | null = null;
  readonly cookies: string[] = [];
  readonly headers = new Headers();

  status(code: number): this {
    this.status_ = code;
    return this;
  }
  getHeader(name: string): string[] | string | undefined {
    return name === "Set-Cookie" ? [...this.cookies] : (this.headers.get(name) ?? undefined);
  }
  setHeader(name: string, value: string | string[]): this {
    if (name === "Set-Cookie") this.cookies.splice(0, Infinity, ...[value].flat());
    else this.headers.set(name, String(value));
    return this;
  }
  json(value: unknown): void {
    this.headers.set("Content-Type", "application/json");
    this.body = JSON.stringify(value);
  }
  send(value: unknown): void {
    if (typeof value === "string" || value === undefined) this.body = value ?? "";
    else this.json(value);
  }
  end(): void {
    this.body ??= "";
  }
}

function failed(error: AppError): Response {
  const { retryAfterSeconds } = error.detail;
  const headers = new Headers({ "Cache-Control": "no-store" });
  if (retryAfterSeconds !== undefined) headers.set("Retry-After", String(retryAfterSeconds));
  return Response.json({ error: { code: error.code, message: error.message, retryAfterSeconds: retryAfterSeconds ?? null } }, { status: HTTP_STATUS[error.code], headers });
}

async function readForm(ctx: Context, request: Request): Promise<Record<string, string>> {
  if (request.method !== "POST") return {};
  if (ctx.request?.isCrossSite) throw new AppError("forbidden", "Cross-site requests may not sign in or out.");
  if (!request.headers.get("content-type")?.toLowerCase().startsWith(FORM)) throw new AppError("invalid", `Send the form as ${FORM}.`);
  const text = await request.text();
  if (text.length > MAX_FORM_CHARACTERS) throw new AppError("invalid", "The form is too long.");
  const form = Object.fromEntries(new URLSearchParams(text));
  return { ...form, callbackUrl: safePath(form.callbackUrl) };
}

/** The address without its host, also in the parameter that says where to go next. */
function relative(location: string): string {
  const url = URL.parse(location, ANY_HOST);
  if (!url) return "/";
  const next = url.searchParams.get("callbackUrl");
  if (next !== null) url.searchParams.set("callbackUrl", relative(next));
  return `${url.pathname}${url.search}${url.hash}`;
}

function answer(collected: Collected): Response {
  const location = collected.headers.get("location");
  if (location?.endsWith("?csrf=true")) return failed(new AppError("forbidden", "This form was open for too long. Try again."));
  if (location !== null) collected.headers.set("location", relative(location));
  if (collected.status_ >= 500) return failed(new AppError("invalid", "This is not a sign-in request that the console understands."));
  // Where to go afterwards travels in the form; a cookie for it would only go stale.
  const spare = `${authCookies(isSecureAddress()).callbackUrl.name}=`;
  for (const cookie of collected.cookies) if (!cookie.startsWith(spare)) collected.headers.append("Set-Cookie", cookie);
  collected.headers.set("Cache-Control", "no-store");
  return new Response(collected.body || null, { status: collected.status_, headers: collected.headers });
}

type AuthRoute = {
  /** The path after /api/auth, in parts. */
  action: string[];
  operations: AuthOperations;
};

/** Answers one request below /api/auth. `makeContext` may refuse the caller; that is answered too. */
export async function answerAuth(makeContext: () => Promise<Context>, request: Request, route: AuthRoute): Promise<Response> {
  try {
    return await answerCaller(await makeContext(), request, route);
  } catch (error) {
    const mapped = toAppError(error);
    if (mapped.code === "internal") logger().error({ err: error }, "sign-in route failed");
    return failed(mapped);
  }
}

async function answerCaller(ctx: Context, request: Request, route: AuthRoute): Promise<Response> {
  const failure: Failure = { error: null };
  try {
    const names = authCookies(isSecureAddress());
    const cookies: Record<string, string> = {};
    for (const { name } of [names.sessionToken, names.csrfToken]) {
      const value = readCookie(request.headers.get("cookie"), name);
      if (value !== null) cookies[name] = decodeCookie(value);
    }
    const call = { method: request.method, headers: {}, cookies, body: await readForm(ctx, request), query: { nextauth: route.action } };
    const collected = new Collected();
    const run = defaultOf(NextAuthModule) as unknown as (call: object, response: Collected, options: AuthOptions) => Promise<void>;
    await run(call, collected, options(ctx, route.operations, failure));
    return withLimits(ctx, failure.error ? failed(failure.error) : answer(collected));
  } catch (error) {
    const mapped = toAppError(error);
    if (mapped.code === "internal") ctx.log.error({ err: error }, "sign-in route failed");
    return withLimits(ctx, failed(mapped));
  }
}

/** Adds the limit headers that the work left in the context. */
function withLimits(ctx: Context, response: Response): Response {
  ctx.request?.responseHeaders.forEach((value, name) => response.headers.set(name, value));
  return response;
}

/** Cookie values are percent-encoded; one that is not stays as it came and then matches nothing. */
function decodeCookie(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
