/** Signing in by next-auth's own addresses, without its client. */

type FailureBody = { error?: { code?: string; message?: string } };

const NO_ANSWER = "The server did not answer. Nothing was changed; try again in a moment.";

/** Why signing in failed, in words for the person. */
export class SignInRefusal extends Error {
  /** The server's code; null when it did not answer. */
  readonly code: string | null;

  constructor(message: string, code: string | null = null) {
    super(message);
    this.name = "SignInRefusal";
    this.code = code;
  }

  /** True when the password was right and a code of the second factor is missing. */
  get needsCode(): boolean {
    return this.code === "precondition";
  }
}

export type Credentials = { email: string; password: string; code?: string };

/** The form's token, asked for while a person types; null when there is none, or asking failed. */
let early: Promise<string | null> | null = null;

/**
 * Prepares what comes after the form while a person fills it in: the form's token, and a knock at the page that comes
 * next, so that a console that has just started loads that page's code meanwhile. Nobody misses either when it fails.
 */
export function expectSignIn(callbackUrl: string): void {
  early ??= askToken().catch(() => null);
  fetch(callbackUrl, { method: "HEAD", redirect: "manual" }).catch(() => null);
}

/** Opens a session in this browser. Rejects with SignInRefusal. */
export async function signIn(credentials: Credentials): Promise<void> {
  const token = await early;
  early = null;
  if (token === null) return enter(credentials, await askToken());
  try {
    await enter(credentials, token);
  } catch (error) {
    // Another tab may have been given a token since: then this one counts no more.
    if (!(error instanceof SignInRefusal) || error.code !== "forbidden") throw error;
    await enter(credentials, await askToken());
  }
}

async function askToken(): Promise<string> {
  const answer = await send("/api/auth/csrf");
  return ((await answer.json()) as { csrfToken: string }).csrfToken;
}

async function enter({ email, password, code = "" }: Credentials, csrfToken: string): Promise<void> {
  await send("/api/auth/callback/credentials", new URLSearchParams({ email, password, code, csrfToken, json: "true" }));
}

async function send(url: string, body?: URLSearchParams): Promise<Response> {
  const answer = await fetch(url, body ? { method: "POST", body } : {}).catch(() => null);
  if (!answer) throw new SignInRefusal(NO_ANSWER);
  if (answer.ok) return answer;
  const { error } = (await answer.json().catch(() => ({}))) as FailureBody;
  throw new SignInRefusal(error?.message ?? NO_ANSWER, error?.code ?? null);
}
