/**
 * The two addresses of single sign-on. Whatever goes wrong leads back to the sign-in page with one word from a fixed list,
 * never with text that came from outside; the log has the reason under the request id.
 */
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { chargeFailure, chargeLimit, forgiveFailure } from "../../limiter/charge.ts";
import { logger } from "../../logger.ts";
import { safePath } from "../safe-path.ts";
import { authCookies, isSecureAddress, readCookie, sessionCookie, setCookie } from "../session-token.ts";
import { beginFlow, finishFlow, FLOW_SECONDS, issuerConfig, type IssuerConfig, type VouchedPerson } from "./flow.ts";

/** What signing in means; throws AppError, `forbidden` for people who may not. */
export type SignInElsewhere = (ctx: Context, person: VouchedPerson) => Promise<{ sessionId: string }>;

/** Lax: the issuer's redirect is a navigation from another site, and must bring the cookie. */
const flowCookie = () => authCookies(isSecureAddress()).flow;
const clearedFlow = () => setCookie(flowCookie(), "", 0);

function redirect(location: string, cookies: string[] = []): Response {
  const headers = new Headers({ location, "cache-control": "no-store", "referrer-policy": "no-referrer" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

async function guarded(makeContext: () => Promise<Context>, work: (ctx: Context, issuer: IssuerConfig) => Promise<Response>): Promise<Response> {
  let log = logger();
  try {
    const ctx = await makeContext();
    ({ log } = ctx);
    const issuer = issuerConfig();
    if (!issuer) throw new AppError("not_found", "Single sign-on is not set up.");
    return await work(ctx, issuer);
  } catch (error) {
    const { code, message, cause } = toAppError(error);
    log[code === "internal" ? "error" : "warn"]({ err: cause, reason: message, code }, "single sign-on failed");
    return redirect(`/sign-in?problem=${code}`, [clearedFlow()]);
  }
}

/** Sends the browser to the issuer. */
export function answerStart(makeContext: () => Promise<Context>, request: Request): Promise<Response> {
  return guarded(makeContext, async (ctx, issuer) => {
    await chargeLimit(ctx, { tier: "api" });
    const next = safePath(new URL(request.url).searchParams.get("callbackUrl"));
    const { location, cookie } = await beginFlow(ctx, issuer, next);
    return redirect(location, [setCookie(flowCookie(), cookie, FLOW_SECONDS)]);
  });
}

/** Takes the issuer's answer and opens a session; a wrong answer counts as a failed sign-in of the address. */
export function answerCallback(makeContext: () => Promise<Context>, request: Request, signIn: SignInElsewhere): Promise<Response> {
  return guarded(makeContext, async (ctx, issuer) => {
    await chargeFailure(ctx);
    const cookie = readCookie(request.headers.get("cookie"), flowCookie().name);
    const { person, next } = await finishFlow(ctx, issuer, { query: new URL(request.url).searchParams, cookie });
    const { sessionId } = await signIn(ctx, person);
    await forgiveFailure(ctx);
    return redirect(next, [clearedFlow(), await sessionCookie(sessionId)]);
  });
}

/** The issuer's name for the sign-in page; null when there is none. */
export const issuerName = (): string | null => (issuerConfig() ? config().OIDC_NAME : null);
